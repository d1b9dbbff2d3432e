import { actingAs, inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import { emailChangedMail, emailConfirmedMail } from '#auth/mails/email-change-mails.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { issueLink, useOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { updateBillingContactsOf } from '#auth/services/member/update-billing-contacts.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

/** Returns the person. */
async function moveAccount(
  transaction: TransactionContext,
  { token }: { token: string },
): Promise<{ personId: string }> {
  const { services, manager } = transaction;
  const { person, email } = await useOneTimeToken(transaction, { token, purpose: 'CONFIRM_EMAIL_CHANGE' });
  const { id: personId, email: oldEmail } = person;
  await manager.update(PersonEntity, { id: personId }, { email, emailVerifiedAt: services.now() });
  // Links that were mailed to the old address.
  await withdrawOneTimeTokens(transaction, { personId, purpose: 'RESET_PASSWORD' });
  await withdrawOneTimeTokens(transaction, { personId, purpose: 'VERIFY_EMAIL' });
  const stopUrl = await issueLink(transaction, { purpose: 'STOP_EMAIL_CHANGE', personId, email: oldEmail });
  const changed = emailChangedMail(email, stopUrl, describeOrigin(transaction));
  await queueMail(manager, { recipient: oldEmail, kind: 'email-changed', ...changed });
  await queueMail(manager, { recipient: email, kind: 'email-confirmed', ...emailConfirmedMail() });
  const change = { before: { email: oldEmail }, after: { email } };
  await recordPersonAudit(actingAs(transaction, { userId: personId }), {
    personId,
    action: 'email.changed',
    ...change,
  });
  return { personId };
}

/**
 * Moves an account to the address its token was mailed to. Throws InvalidInput for an invalid token, Conflict for a
 * taken address.
 */
export async function confirmEmailChange(context: ServiceContext, { token }: { token: string }): Promise<void> {
  const moved = await inTransaction(context, (transaction) => moveAccount(transaction, { token })).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
    throw error;
  });
  await updateBillingContactsOf(context, moved);
  await deliverSoon(context.services);
}
