import { z } from 'zod';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { addressTakenMail, confirmEmailChangeMail, emailChangeRequestedMail } from '#auth/mails/email-change-mails.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueLink, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { newToken } from '#auth/services/link/token.js';
import { CONFIRM_EMAIL_CHANGE, requireQueued } from '#auth/services/link/unsolicited-mails.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import { isTakenAddress } from '#auth/services/person/addresses.js';
import { wrongPassword } from '#auth/services/person/current-person.js';
import { confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { InvalidInput, RateLimited } from '#runtime/errors.js';
import { comparableAddress } from '#runtime/mail/address.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { queueUnsolicited } from '#runtime/mail/unsolicited-mail.js';
import { parseInput } from '#runtime/parse-input.js';

const input = z.object({ email: emailAddress, password: z.string(), code: z.string().nullish() });

async function queueMails(
  transaction: TransactionContext,
  { person, newEmail }: { person: Person; newEmail: string },
): Promise<void> {
  const { services, manager } = transaction;
  const { id: personId, email: oldEmail } = person;
  const stopUrl = await issueLink(transaction, { purpose: 'STOP_EMAIL_CHANGE', personId, email: oldEmail });
  const requested = emailChangeRequestedMail(newEmail, stopUrl, describeOrigin(transaction));
  await queueMail(manager, { recipient: oldEmail, kind: 'email-change-asked', ...requested });
  const url = await issueLink(transaction, { purpose: 'CONFIRM_EMAIL_CHANGE', personId, email: newEmail });
  // The caller must not learn whether the address has an account.
  const isTaken = await isTakenAddress(transaction, newEmail);
  const notQueued = await queueUnsolicited(manager, CONFIRM_EMAIL_CHANGE, {
    recipient: newEmail,
    causedBy: personId,
    declineToken: newToken({ services }, 'wmd_'),
    render: (token) => {
      const declineUrl = accountLink(services, { page: 'decline-mail', token });
      return isTaken ? addressTakenMail(declineUrl) : confirmEmailChangeMail(url, declineUrl);
    },
  });
  requireQueued(notQueued);
}

/**
 * Mails a confirmation link to the caller's new address, and a link that stops the change to the old one. Throws
 * InvalidInput, RateLimited, Conflict for an address that declined such mail, and as `confirmCaller` does.
 */
export async function changeEmail(context: ServiceContext, given: z.input<typeof input>): Promise<void> {
  const { email, ...confirmation } = parseInput(input, given);
  const { id: personId, passwordHash } = await confirmCaller(context, confirmation);
  await inTransaction(context, async (transaction) => {
    // Locked, so that concurrent requests are counted.
    const lock = { mode: 'pessimistic_write' } as const;
    const person = await transaction.manager.findOneOrFail(PersonEntity, { where: { id: personId }, lock });
    if (person.passwordHash !== passwordHash) throw wrongPassword('password');
    if (comparableAddress(email) === comparableAddress(person.email)) {
      throw new InvalidInput([{ argument: 'email', problem: 'is your address already' }]);
    }
    const wait = await secondsUntilNextLink(transaction, { personId, purpose: 'CONFIRM_EMAIL_CHANGE' });
    if (wait > 0) throw new RateLimited('You asked for this several times already: wait a while.', wait);
    await withdrawOneTimeTokens(transaction, { personId, purpose: 'CONFIRM_EMAIL_CHANGE' });
    await queueMails(transaction, { person, newEmail: email });
    const change = { before: { email: person.email }, after: { email } };
    await recordPersonAudit(transaction, { personId, action: 'email.change-asked', ...change });
  });
  await deliverSoon(context.services);
}
