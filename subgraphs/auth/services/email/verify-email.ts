import { actingAs, inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { verifyEmailMail } from '#auth/mails/sign-up-mails.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueLink, useOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { newToken } from '#auth/services/link/token.js';
import { requireQueued, VERIFY_EMAIL } from '#auth/services/link/unsolicited-mails.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { Conflict, InvalidInput, NotFound, RateLimited } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { type NotQueued, queueUnsolicited } from '#runtime/mail/unsolicited-mail.js';

const purpose = 'VERIFY_EMAIL';

/** Queues the mail that verifies a person's address, or returns why not. Call `deliverSoon` after the commit. */
export async function queueVerification(
  transaction: TransactionContext,
  { id: personId, email }: Pick<Person, 'id' | 'email'>,
): Promise<NotQueued | null> {
  const { services, manager } = transaction;
  const url = await issueLink(transaction, { purpose, personId, email });
  return queueUnsolicited(manager, VERIFY_EMAIL, {
    recipient: email,
    causedBy: personId,
    declineToken: newToken({ services }, 'wmd_'),
    render: (token) => verifyEmailMail(url, accountLink(services, { page: 'decline-mail', token })),
  });
}

/** Mails that link again. Throws Conflict for a verified or declined address, RateLimited after several mails. */
export async function resendVerification(context: ServiceContext): Promise<void> {
  const personId = requirePerson(context.identity);
  await inTransaction(context, async (transaction) => {
    // Locked, so that concurrent requests are counted.
    const lock = { mode: 'pessimistic_write' } as const;
    const person = await transaction.manager.findOne(PersonEntity, { where: { id: personId }, lock });
    if (!person) throw new NotFound('user');
    if (person.emailVerifiedAt) throw new Conflict('Your address is confirmed already.');
    const wait = await secondsUntilNextLink(transaction, { personId, purpose });
    if (wait > 0) {
      throw new RateLimited('This mail was sent several times already: look for it, spam folder included.', wait);
    }
    requireQueued(await queueVerification(transaction, person));
  });
  await deliverSoon(context.services);
}

/** Verifies a person's address by its token. Throws InvalidInput for an invalid one. */
export async function verifyEmail(context: ServiceContext, { token }: { token: string }): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { services, manager } = transaction;
    const { person, email } = await useOneTimeToken(transaction, { token, purpose });
    if (person.email !== email) {
      throw new InvalidInput([{ argument: 'token', problem: 'is for an address the account no longer has' }]);
    }
    const { id: personId } = person;
    await manager.update(PersonEntity, { id: personId }, { emailVerifiedAt: services.now() });
    await withdrawOneTimeTokens(transaction, { personId, purpose });
    await recordPersonAudit(actingAs(transaction, { userId: personId }), { personId, action: 'email.verified' });
  });
}
