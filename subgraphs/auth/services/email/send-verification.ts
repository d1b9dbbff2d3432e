import type { DataSource, EntityManager } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { verifyEmailMail } from '#auth/mails/verify-email.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueOneTimeToken } from '#auth/services/link/one-time-token.js';
import { Conflict, NotFound, RateLimited } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

/** Queues the mail that asks a person whether their address is theirs. Call `deliverSoon` after the commit. */
export async function queueVerification(
  services: Services,
  manager: EntityManager,
  { id, email }: Pick<Person, 'id' | 'email'>,
): Promise<void> {
  const token = await issueOneTimeToken(manager, {
    purpose: 'VERIFY_EMAIL',
    personId: id,
    email,
    now: services.now(),
  });
  const mail = verifyEmailMail(accountLink(services, 'verify-email', token));
  await queueMail(manager, { recipient: email, kind: 'verify-email', ...mail });
}

/** Sends that mail again. Throws Conflict when the address is confirmed, RateLimited when it was sent too often. */
export async function resendVerification(services: Services, database: DataSource, personId: string): Promise<void> {
  await database.transaction(async (manager) => {
    // Locked: clicks at the same time are counted one after the other.
    const person = await manager.findOne(PersonEntity, {
      where: { id: personId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!person) throw new NotFound('user');
    if (person.emailVerifiedAt) throw new Conflict('Your address is confirmed already.');
    const wait = await secondsUntilNextLink(manager, personId, 'VERIFY_EMAIL', services.now());
    if (wait > 0)
      throw new RateLimited('This mail was sent several times already: look for it, spam folder included.', wait);
    await queueVerification(services, manager, person);
  });
  await deliverSoon(services);
}
