import type { DataSource, EntityManager } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import { emailChangedMail, emailConfirmedMail } from '#auth/mails/email-changed.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { aboutPerson, asPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { issueOneTimeToken, useOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

async function move(services: Services, manager: EntityManager, identity: Identity, token: string): Promise<void> {
  const now = services.now();
  const { person, email } = await useOneTimeToken(manager, token, 'CONFIRM_EMAIL_CHANGE', now);
  const personId = person.id;
  await manager.update(PersonEntity, { id: personId }, { email, emailVerifiedAt: now });
  // Sent to an address that no longer speaks for the account.
  await withdrawOneTimeTokens(manager, personId, now, 'RESET_PASSWORD');
  await withdrawOneTimeTokens(manager, personId, now, 'VERIFY_EMAIL');
  const stopToken = await issueOneTimeToken(manager, {
    purpose: 'STOP_EMAIL_CHANGE',
    personId,
    email: person.email,
    now,
  });
  const stop = accountLink(services, 'stop-email-change', stopToken);
  const told = emailChangedMail(email, stop, describeOrigin(identity, now));
  await queueMail(manager, { recipient: person.email, kind: 'email-changed', ...told });
  await queueMail(manager, { recipient: email, kind: 'email-confirmed', ...emailConfirmedMail() });
  const change = { before: { email: person.email }, after: { email } };
  const entries = await aboutPerson(manager, personId, { action: 'email.changed', ...change });
  await recordAudits(manager, asPerson(identity, personId), entries);
}

/**
 * Moves an account to the address this token was mailed to, and tells both addresses. Throws InvalidInput when the token
 * does not hold, Conflict when somebody else has the address by now.
 */
export async function confirmEmailChange(
  services: Services,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  await database
    .transaction((manager) => move(services, manager, identity, token))
    .catch((error) => {
      if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
      throw error;
    });
  await deliverSoon(services);
}
