import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { isUniqueViolation } from '../../../ops/runtime/database.js';
import { Conflict } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import { deliverSoon } from '../../../ops/runtime/mail/deliver-soon.js';
import { queueMail } from '../../../ops/runtime/mail/queue-mail.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { PersonEntity } from '../entities/person.js';
import { emailChangeStoppedMail } from '../mails/email-change-stopped.js';
import { endSessions, forgetSessions } from './end-sessions.js';
import { requireOneTimeToken, useOneTimeToken, withdrawOneTimeTokens } from './one-time-token.js';
import { hashPassword } from './password.js';
import { asPerson, recordPersonAudit } from './record-person-audit.js';
import { newResetLink } from './send-password-reset.js';

/** Returns the sessions that ended, for `forgetSessions`. */
async function takeBack(
  runtime: Runtime,
  manager: EntityManager,
  identity: Identity,
  { token, passwordHash }: { token: string; passwordHash: string },
): Promise<string[]> {
  const now = runtime.now();
  const { personId, email } = await useOneTimeToken(manager, token, 'STOP_EMAIL_CHANGE', now);
  const before = await manager.findOneOrFail(PersonEntity, {
    where: { id: personId },
    lock: { mode: 'pessimistic_write' },
  });
  await manager.update(PersonEntity, { id: personId }, { email, emailVerifiedAt: now, passwordHash });
  await withdrawOneTimeTokens(manager, personId, now);
  const mail = emailChangeStoppedMail(await newResetLink(runtime, manager, { id: personId, email }));
  await queueMail(manager, { recipient: email, kind: 'email-change-stopped', ...mail });
  const person = asPerson(identity, personId);
  await recordPersonAudit(manager, person, personId, {
    action: 'email.change-stopped',
    before: { email: before.email },
    after: { email },
  });
  return endSessions(manager, person, { personId, reason: 'EMAIL_CHANGE_STOPPED', now });
}

/**
 * Gives an account back to the address this token was mailed to, before or after the change. Whoever asked for the change
 * knew the password: it stops working, every session ends, and a link for another one is mailed. Throws InvalidInput when
 * the token does not hold.
 */
export async function stopEmailChange(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  await requireOneTimeToken(database.manager, token, 'STOP_EMAIL_CHANGE', runtime.now());
  const passwordHash = await hashPassword(randomBytes(32).toString('base64url'));
  const ended = await database
    .transaction((manager) => takeBack(runtime, manager, identity, { token, passwordHash }))
    .catch((error) => {
      if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
      throw error;
    });
  await forgetSessions(runtime, ended);
  await deliverSoon(runtime);
}
