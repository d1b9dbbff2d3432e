import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { addressTakenMail } from '#auth/mails/address-taken.js';
import { confirmEmailChangeMail } from '#auth/mails/confirm-email-change.js';
import { emailChangeAskedMail } from '#auth/mails/email-change-asked.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { aboutPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import { reauthenticate, wrongPassword } from '#auth/services/person/current-person.js';
import { isTakenAddress } from '#auth/services/person/taken-address.js';
import { InvalidInput, RateLimited } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { comparableAddress } from '#runtime/mail/address.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';

const input = z.object({ email: emailAddress, password: z.string() });

async function queueMails(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  { id: personId, email: oldEmail }: Person,
  email: string,
): Promise<void> {
  const now = services.now();
  const stopToken = await issueOneTimeToken(manager, { purpose: 'STOP_EMAIL_CHANGE', personId, email: oldEmail, now });
  const stop = accountLink(services, 'stop-email-change', stopToken);
  const asked = emailChangeAskedMail(email, stop, describeOrigin(identity, now));
  await queueMail(manager, { recipient: oldEmail, kind: 'email-change-asked', ...asked });
  const token = await issueOneTimeToken(manager, { purpose: 'CONFIRM_EMAIL_CHANGE', personId, email, now });
  // Whoever asks must not learn whether somebody has an account: only the owner of the address is told.
  const mail = (await isTakenAddress(manager, email, now))
    ? addressTakenMail()
    : confirmEmailChangeMail(accountLink(services, 'confirm-email-change', token));
  await queueMail(manager, { recipient: email, kind: 'confirm-email-change', ...mail });
}

/**
 * Asks at the new address whether the account may move there, and tells the old one how to stop that. Throws
 * InvalidInput, or RateLimited for a person who asked several times just now.
 */
export async function changeEmail(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<void> {
  const { email, password } = parseInput(input, given);
  const { id, passwordHash } = await reauthenticate(services, database, identity, password, 'password');
  const now = services.now();
  await database.transaction(async (manager) => {
    // Locked: requests at the same time are counted one after the other.
    const person = await manager.findOneOrFail(PersonEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (person.passwordHash !== passwordHash) throw wrongPassword('password');
    if (comparableAddress(email) === comparableAddress(person.email)) {
      throw new InvalidInput([{ argument: 'email', problem: 'is your address already' }]);
    }
    const wait = await secondsUntilNextLink(manager, id, 'CONFIRM_EMAIL_CHANGE', now);
    if (wait > 0) throw new RateLimited('You asked for this several times already: wait a while.', wait);
    await withdrawOneTimeTokens(manager, id, now, 'CONFIRM_EMAIL_CHANGE');
    await queueMails(services, manager, identity, person, email);
    const change = { before: { email: person.email }, after: { email } };
    const entries = await aboutPerson(manager, id, { action: 'email.change-asked', ...change });
    await recordAudits(manager, identity, entries);
  });
  await deliverSoon(services);
}
