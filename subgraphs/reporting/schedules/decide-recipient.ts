import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { ReportDeliveryRecipientEntity } from '#reporting/entities/report-delivery.js';
import { type ReportRecipient, ReportRecipientEntity } from '#reporting/entities/report-recipient.js';
import { hashToken } from '#reporting/hash-token.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { InvalidInput } from '#runtime/errors.js';
import { decline } from '#runtime/mail/unsolicited-mail.js';

const LINK_LIFETIME_MS = 30 * 86_400_000;

const notValid = () =>
  new InvalidInput([{ argument: 'token', problem: 'is not valid (any more): ask for a new mail' }]);

async function decide(
  { services, identity }: ServiceContext,
  manager: EntityManager,
  { recipient, state }: { recipient: ReportRecipient; state: 'CONFIRMED' | 'DECLINED' },
): Promise<void> {
  const { id, organizationId, email } = recipient;
  if (recipient.state === state) return;
  await manager.update(ReportRecipientEntity, { id }, { state, decidedAt: services.now() });
  await recordAudit(manager, identity, {
    organizationId,
    action: state === 'CONFIRMED' ? 'report-recipient.confirmed' : 'report-recipient.declined',
    target: { type: 'ReportRecipient', id },
    after: { email },
  });
}

const lock = { mode: 'pessimistic_write' as const };

/** Confirms an address by the token of the mail that asked it, for 30 days. Idempotent. Throws InvalidInput. */
export async function confirmRecipient(context: ServiceContext, { token }: { token: string }): Promise<true> {
  const { database, services } = context;
  await database.transaction(async (manager) => {
    const where = { tokenHash: hashToken(token) };
    const recipient = await manager.findOne(ReportRecipientEntity, { where, lock });
    const askedAt = recipient?.askedAt?.getTime() ?? 0;
    if (!recipient || recipient.state === 'DECLINED' || services.now().getTime() - askedAt > LINK_LIFETIME_MS) {
      throw notValid();
    }
    await decide(context, manager, { recipient, state: 'CONFIRMED' });
  });
  return true;
}

async function recipientOfToken(manager: EntityManager, token: string): Promise<ReportRecipient | null> {
  const hash = hashToken(token);
  const asked = await manager.findOne(ReportRecipientEntity, { where: { tokenHash: hash }, lock });
  if (asked) return asked;
  const sent = await manager.findOneBy(ReportDeliveryRecipientEntity, { declineHash: hash });
  return sent?.recipientId ? manager.findOne(ReportRecipientEntity, { where: { id: sent.recipientId }, lock }) : null;
}

/**
 * Ends all reports of an organization to an address, by the token of any mail to it. By that of the mail that asked whether it wants them,
 * no organization may ask its mailbox for 180 days. Idempotent. Throws InvalidInput.
 */
export async function declineReports(context: ServiceContext, { token }: { token: string }): Promise<true> {
  await context.database.transaction(async (manager) => {
    const recipient = await recipientOfToken(manager, token);
    if (!recipient) throw notValid();
    await decline(manager, { token });
    await decide(context, manager, { recipient, state: 'DECLINED' });
  });
  return true;
}
