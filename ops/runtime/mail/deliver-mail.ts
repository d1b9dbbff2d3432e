import { drainClaims } from '#runtime/jobs/drain-claims.js';
import type { Services } from '#runtime/services.js';
import { bareAddress } from './address.js';
import { readMailFiles } from './mail-file.js';
import { type MailTransport, SEND_TIMEOUT_MS } from './mail-transport.js';
import {
  type ClaimedMail,
  claimMail,
  settleBounced,
  settleFailed,
  settleLater,
  settleSent,
  settleSuppressed,
} from './outbox.js';
import { type Refusal, refusalIn } from './refusal.js';
import { isSuppressed } from './suppression.js';

export type MailDelivery = Pick<Services, 'operations' | 'alerts' | 'config' | 'logger' | 'now'> & {
  transport: MailTransport;
};

/** Longer than an attempt: only the mail of a dead worker is claimed again. */
const LEASE_SECONDS = (2 * SEND_TIMEOUT_MS) / 1000;
/** The attempt after about an hour, when a temporary fault should be over. */
const ALARMING_ATTEMPTS = 8;
const CONCURRENCY = 5;

const FIRST_RETRY_SECONDS = 30;
const LONGEST_RETRY_SECONDS = 4 * 60 * 60;
const JITTER = 0.2;
/** How long a mail is retried: longer than the outages of a weekend. */
export const GIVE_UP_AFTER_MS = 48 * 60 * 60 * 1000;

/** Returns the seconds until the next attempt: doubled with each up to four hours, with a jitter of a fifth. */
export function retryDelay(attempts: number, random = Math.random()): number {
  const seconds = Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_RETRY_SECONDS);
  return Math.round(seconds * (1 + JITTER * (2 * random - 1)));
}

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
    logger.warn({ ...line, err: error }, 'Mail bounced: its address is now suppressed');
    return;
  }
  if (refusal.kind === 'message' || now().getTime() - mail.createdAt.getTime() > GIVE_UP_AFTER_MS) {
    await settleFailed(operations, mail, refusal);
    const message = `A mail (${mail.kind}) was not delivered and is not tried any more: see operations.mail, where it is FAILED.`;
    const kind = { category: 'integration', key: `mail-failed ${mail.kind}`, runbook: 'mail-waiting' } as const;
    alerts.raise({ ...kind, message, error, details: line });
    return;
  }
  await settleLater(operations, mail, refusal, retryDelay(mail.attempts));
  logger.warn({ ...line, err: error }, 'Mail delivery failed and will be retried');
  if (refusal.kind !== 'setup' && mail.attempts < ALARMING_ATTEMPTS) return;
  const message =
    'The mail server takes no mail from this installation: check it, SMTP_URL and MAIL_FROM. Mail waits, up to two days.';
  alerts.raise({ category: 'integration', key: 'mail-setup', runbook: 'mail-waiting', message, error });
}

/** Returns the mail that is due longest, for this process to deliver; undefined = none is due. */
function claimNext({ operations, config }: MailDelivery): Promise<ClaimedMail | undefined> {
  const host = bareAddress(config.mail.from).split('@').pop() ?? 'localhost';
  return claimMail(operations, { leaseSeconds: LEASE_SECONDS, host });
}

async function deliver(delivery: MailDelivery, mail: ClaimedMail): Promise<void> {
  const { operations, transport, config, logger } = delivery;
  const { from } = config.mail;
  if (await isSuppressed(operations, mail)) {
    await settleSuppressed(operations, mail);
    logger.info(mailLine(mail), 'Mail not sent: its address is suppressed');
    return;
  }
  const { recipient: to, subject, text, messageId, createdAt: date } = mail;
  const [html, unsubscribeUrl] = [mail.html ?? undefined, mail.unsubscribeUrl ?? undefined];
  const attachments = await readMailFiles(operations, { mailId: mail.id });
  try {
    await transport.send({ from, to, subject, text, html, messageId, date, unsubscribeUrl, attachments });
  } catch (error) {
    return settleRefused(delivery, mail, refusalIn(error), error);
  }
  await settleSent(operations, mail);
  logger.info(mailLine(mail), 'Mail delivered');
}

/**
 * Delivers due mail, five at a time, until none is left or `budgetMs` have passed. Returns whether none is left. Workers may
 * run it concurrently: each mail is claimed by one of them.
 */
export function deliverMail(delivery: MailDelivery, budgetMs: number): Promise<boolean> {
  const end = Date.now() + budgetMs;
  return drainClaims({
    atOnce: CONCURRENCY,
    claim: () => claimNext(delivery),
    work: (mail) => deliver(delivery, mail),
    mayGoOn: () => Date.now() < end,
  });
}
