import { IsNull, Raw } from 'typeorm';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { OneTimeTokenEntity, type TokenPurpose } from '#auth/entities/one-time-token.js';
import { PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { InvalidInput } from '#runtime/errors.js';
import { decline } from '#runtime/mail/unsolicited-mail.js';
import { CONFIRM_EMAIL_CHANGE, INVITATION, SIGN_UP, VERIFY_EMAIL } from './unsolicited-mails.js';

const isAddress = (email: string) => Raw((column) => `lower(${column}) = lower(:email)`, { email });

async function endInvitations(transaction: TransactionContext, email: string): Promise<void> {
  const { manager } = transaction;
  const invitations: Invitation[] = await manager.find(InvitationEntity, {
    where: { email: isAddress(email) },
    // The order in which audit trails are locked.
    order: { organizationId: 'ASC' },
  });
  for (const { id, organizationId, role } of invitations) {
    await manager.delete(InvitationEntity, { id, organizationId });
    const target = { type: 'Invitation', id };
    await audit(transaction, { organizationId, action: 'invitation.declined', target, before: { email, role } });
  }
}

const endLinks =
  (purpose: TokenPurpose) =>
  async ({ services, manager }: TransactionContext, email: string): Promise<void> => {
    const which = { purpose, email: isAddress(email), usedAt: IsNull() };
    await manager.update(OneTimeTokenEntity, which, { usedAt: services.now() });
  };

/** What ends with a kind of mail. */
const endings: Record<string, (transaction: TransactionContext, email: string) => Promise<unknown>> = {
  [INVITATION.kind]: endInvitations,
  [SIGN_UP.kind]: ({ manager }, email) => manager.delete(PendingSignUpEntity, { email: isAddress(email) }),
  [VERIFY_EMAIL.kind]: endLinks('VERIFY_EMAIL'),
  [CONFIRM_EMAIL_CHANGE.kind]: endLinks('CONFIRM_EMAIL_CHANGE'),
};

/**
 * Ends what a mail is about, by the link in it, and further mails of its kind to its mailbox for 180 days. Throws
 * InvalidInput for an invalid token.
 */
export async function declineMail(context: ServiceContext, { token }: { token: string }): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const declined = await decline(transaction.manager, { token });
    if (!declined) {
      throw new InvalidInput([{ argument: 'token', problem: 'is of no mail of the last 30 days' }]);
    }
    await endings[declined.kind]?.(transaction, declined.recipient);
  });
}
