import type { DataSource, EntityManager } from 'typeorm';
import { isUniqueViolation } from '../../../ops/runtime/database.js';
import { Conflict } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import { deliverSoon } from '../../../ops/runtime/mail/deliver-soon.js';
import { queueMail } from '../../../ops/runtime/mail/queue-mail.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { PersonEntity } from '../entities/person.js';
import { emailChangedMail, emailConfirmedMail } from '../mails/email-changed.js';
import { describeOrigin } from '../mails/origin.js';
import { accountLink } from './account-link.js';
import { issueOneTimeToken, useOneTimeToken, withdrawOneTimeTokens } from './one-time-token.js';
import { asPerson, recordPersonAudit } from './record-person-audit.js';

async function change(runtime: Runtime, manager: EntityManager, identity: Identity, token: string): Promise<void> {
  const now = runtime.now();
  const { personId, email } = await useOneTimeToken(manager, token, 'CONFIRM_EMAIL_CHANGE', now);
  const person = await manager.findOneOrFail(PersonEntity, {
    where: { id: personId },
    lock: { mode: 'pessimistic_write' },
  });
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
  const stop = accountLink(runtime, 'stop-email-change', stopToken);
  const told = emailChangedMail(email, stop, describeOrigin(identity, now));
  await queueMail(manager, { recipient: person.email, kind: 'email-changed', ...told });
  await queueMail(manager, { recipient: email, kind: 'email-confirmed', ...emailConfirmedMail() });
  await recordPersonAudit(manager, asPerson(identity, personId), personId, {
    action: 'email.changed',
    before: { email: person.email },
    after: { email },
  });
}

/**
 * Moves an account to the address this token was mailed to, and tells both addresses. Throws InvalidInput when the token
 * does not hold, Conflict when somebody else has the address by now.
 */
export async function confirmEmailChange(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  await database
    .transaction((manager) => change(runtime, manager, identity, token))
    .catch((error) => {
      if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
      throw error;
    });
  await deliverSoon(runtime);
}
