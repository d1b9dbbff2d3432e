import { inTransaction, type ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { SessionEntity } from '#auth/entities/session.js';
import { accountDeletedMail } from '#auth/mails/deletion-mails.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { type Confirmation, confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { forgetCreator } from '#auth/services/webhook/endpoints-of-person.js';
import { pseudonymizeAudit } from '#runtime/audit/pseudonymize-audit.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

/**
 * Deletes the caller's account with its sessions, second factor and mails. Throws as `confirmCaller` does, and Conflict
 * while they belong to an organization.
 */
export async function deleteAccount(context: ServiceContext, given: Confirmation): Promise<void> {
  const { id: personId } = await confirmCaller(context, given);
  const sessions = await inTransaction(context, async (transaction) => {
    const { manager, identity } = transaction;
    // A concurrent acceptance of an invitation waits for this lock, and finds no person then.
    const lock = { mode: 'pessimistic_write' } as const;
    const { email } = await manager.findOneOrFail(PersonEntity, { where: { id: personId }, lock });
    if (await manager.existsBy(MembershipEntity, { personId })) {
      throw new Conflict('You belong to an organization: leave it, or delete it, first.');
    }
    const ended = await manager.find(SessionEntity, { where: { personId }, select: { id: true } });
    await manager.query('DELETE FROM operations.mail WHERE lower(recipient) = lower($1)', [email]);
    await forgetCreator(transaction, { personIds: [personId] });
    await manager.delete(PersonEntity, { id: personId });
    await queueMail(manager, {
      ...accountDeletedMail(),
      recipient: email,
      kind: 'account-deleted',
      key: `account-deleted ${personId}`,
    });
    const target = { type: 'User', id: personId };
    await audit(transaction, { organizationId: INSTALLATION, action: 'account.deleted', target });
    await pseudonymizeAudit(manager, INSTALLATION, { actorId: personId, identity });
    return ended;
  });
  await forgetSessions(context, sessions);
  await deliverSoon(context.services);
}
