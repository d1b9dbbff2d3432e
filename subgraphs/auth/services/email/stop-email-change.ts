import { actingAs, inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import type { Session } from '#auth/entities/session.js';
import { emailChangeStoppedMail } from '#auth/mails/email-change-mails.js';
import { personEntries, recordAudits } from '#auth/services/audit/record-audits.js';
import {
  issueLink,
  requireOneTimeToken,
  useOneTimeToken,
  withdrawOneTimeTokens,
} from '#auth/services/link/one-time-token.js';
import { updateBillingContactsOf } from '#auth/services/member/update-billing-contacts.js';
import { endSessions, forgetSessions, sessionEnds } from '#auth/services/session/end-sessions.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { unmatchedPasswordHash } from '#runtime/passwords/password.js';

const PURPOSE = 'STOP_EMAIL_CHANGE';

/** Returns the person, and the sessions that ended, for `forgetSessions`. */
async function restoreAddress(
  transaction: TransactionContext,
  { token, passwordHash }: { token: string; passwordHash: string },
): Promise<{ personId: string; ended: Session[] }> {
  const { services, manager } = transaction;
  const { person, email } = await useOneTimeToken(transaction, { token, purpose: PURPOSE });
  const personId = person.id;
  await manager.update(PersonEntity, { id: personId }, { email, emailVerifiedAt: services.now(), passwordHash });
  await withdrawOneTimeTokens(transaction, { personId });
  const resetUrl = await issueLink(transaction, { purpose: 'RESET_PASSWORD', personId, email });
  const mail = emailChangeStoppedMail(resetUrl);
  await queueMail(manager, { recipient: email, kind: 'email-change-stopped', ...mail });
  const ended = await endSessions(transaction, { personId });
  const change = { before: { email: person.email }, after: { email } };
  await recordAudits(actingAs(transaction, { userId: personId }), [
    ...(await personEntries(transaction, { personId, action: 'email.change-stopped', ...change })),
    ...sessionEnds(ended, 'EMAIL_CHANGE_STOPPED'),
  ]);
  return { personId, ended };
}

/**
 * Restores the address its token was mailed to, before or after the change. The password was known to a thief: it is
 * invalidated, every session ends, and a reset link is mailed. Throws InvalidInput for an invalid token, Conflict for a
 * taken address.
 */
export async function stopEmailChange(context: ServiceContext, { token }: { token: string }): Promise<void> {
  await requireOneTimeToken(context, { token, purpose: PURPOSE });
  const passwordHash = unmatchedPasswordHash();
  const { personId, ended } = await inTransaction(context, (transaction) =>
    restoreAddress(transaction, { token, passwordHash }),
  ).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
    throw error;
  });
  await forgetSessions(context, ended);
  await updateBillingContactsOf(context, { personId });
  await deliverSoon(context.services);
}
