import type { Services } from '#runtime/services.js';
import { bareAddress } from './address.js';
import { type ClaimedMail, claimMail } from './claim-mail.js';
import { type MailTransport, SEND_TIMEOUT_MS } from './mail-transport.js';
import { type Refusal, refusalIn } from './refusal.js';
import { GIVE_UP_AFTER_MS, retryDelay } from './retry-delay.js';
import { settleBounced, settleFailed, settleLater, settleSent, settleSuppressed } from './settle-mail.js';
import { isSuppressed } from './suppression.js';

/** What delivering mail needs. */
export type MailDelivery = Pick<Services, 'operations' | 'alerts' | 'config' | 'logger' | 'now'> & {
  transport: MailTransport;
};

/** A worker that is alive has given up on the server by then: only a dead one's mail is taken over. */
const LEASE_SECONDS = (2 * SEND_TIMEOUT_MS) / 1000;
/** By then a mail has waited for about an hour: whatever passes by itself has passed. */
const ALARMING_ATTEMPTS = 8;
/** As many as the transport keeps connections. */
const LANES = 5;

function mailLine({ id, kind, organizationId, messageId, attempts }: ClaimedMail) {
  return { mailId: id, kind, organizationId: organizationId ?? undefined, messageId, attempts };
}

async function settleRefused(
  delivery: MailDelivery,
  mail: ClaimedMail,
  refusal: Refusal,
  error: unknown,
): Promise<void> {
  const { operations, alerts, logger, now } = delivery;
  const line = mailLine(mail);
  if (refusal.kind === 'recipient') {
    await settleBounced(operations, mail, refusal);
    logger.warn({ ...line, err: error }, 'A mail bounced: nothing is sent to this address any more');
    return;
  }
  if (refusal.kind === 'message' || now().getTime() - mail.createdAt.getTime() > GIVE_UP_AFTER_MS) {
    await settleFailed(operations, mail, refusal);
    const message = `A mail (${mail.kind}) was not delivered and is not tried any more: see operations.mail, where it is FAILED.`;
    alerts.raise({ category: 'integration', key: `mail-failed ${mail.kind}`, message, error, details: line });
    return;
  }
  await settleLater(operations, mail, refusal, retryDelay(mail.attempts));
  logger.warn({ ...line, err: error }, 'A mail was not taken and is tried again');
  if (refusal.kind !== 'setup' && mail.attempts < ALARMING_ATTEMPTS) return;
  const message =
    'The mail server takes no mail from this installation: check it, SMTP_URL and MAIL_FROM. Mail waits, up to two days.';
  alerts.raise({ category: 'integration', key: 'mail-setup', message, error });
}

/** Delivers the mail that is due longest. Returns false when none is due. */
async function deliverNext(delivery: MailDelivery): Promise<boolean> {
  const { operations, transport, config, logger } = delivery;
  const { from } = config.mail;
  const host = bareAddress(from).split('@').pop() ?? 'localhost';
  const mail = await claimMail(operations, { leaseSeconds: LEASE_SECONDS, host });
  if (!mail) return false;
  if (await isSuppressed(operations, mail.recipient)) {
    await settleSuppressed(operations, mail);
    logger.info(mailLine(mail), 'A mail was not sent: its address is suppressed');
    return true;
  }
  const { recipient: to, subject, text, html, messageId, createdAt: date } = mail;
  try {
    await transport.send({ from, to, subject, text, html: html ?? undefined, messageId, date });
  } catch (error) {
    await settleRefused(delivery, mail, refusalIn(error), error);
    return true;
  }
  await settleSent(operations, mail);
  logger.info(mailLine(mail), 'Mail delivered');
  return true;
}

/**
 * Delivers what is due, several at a time, until nothing is or `budgetMs` have passed. Returns whether nothing was left.
 * Safe with any number of workers: each mail is with one of them.
 */
export async function deliverMail(delivery: MailDelivery, budgetMs: number): Promise<boolean> {
  const end = Date.now() + budgetMs;
  let isDone = false;
  const lane = async () => {
    while (!isDone && Date.now() < end) if (!(await deliverNext(delivery))) isDone = true;
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  // The database is away. What the other lanes had begun is finished, too, before anybody hears of it.
  for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
  return isDone;
}
