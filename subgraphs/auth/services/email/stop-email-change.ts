import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import type { Session } from '#auth/entities/session.js';
import { emailChangeStoppedMail } from '#auth/mails/email-change-stopped.js';
import { aboutPerson, asPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import { requireOneTimeToken, useOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { newResetLink } from '#auth/services/password/send-password-reset.js';
import { hashPassword } from '#auth/services/person/password.js';
import { endSessions, forgetSessions, sessionEnds } from '#auth/services/session/end-sessions.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

/** Returns the sessions that ended, for `forgetSessions`. */
async function takeBack(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  { token, passwordHash }: { token: string; passwordHash: string },
): Promise<Session[]> {
  const now = services.now();
  const { person, email } = await useOneTimeToken(manager, token, 'STOP_EMAIL_CHANGE', now);
  const personId = person.id;
  await manager.update(PersonEntity, { id: personId }, { email, emailVerifiedAt: now, passwordHash });
  await withdrawOneTimeTokens(manager, personId, now);
  const mail = emailChangeStoppedMail(await newResetLink(services, manager, { id: personId, email }));
  await queueMail(manager, { recipient: email, kind: 'email-change-stopped', ...mail });
  const ended = await endSessions(manager, { personId, now });
  const change = { before: { email: person.email }, after: { email } };
  await recordAudits(manager, asPerson(identity, personId), [
    ...(await aboutPerson(manager, personId, { action: 'email.change-stopped', ...change })),
    ...sessionEnds(ended, 'EMAIL_CHANGE_STOPPED'),
  ]);
  return ended;
}

/**
 * Gives an account back to the address this token was mailed to, before or after the change. Whoever asked for the change
 * knew the password: it stops working, every session ends, and a link for another one is mailed. Throws InvalidInput when
 * the token does not hold.
 */
export async function stopEmailChange(
  services: Services,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  await requireOneTimeToken(database.manager, token, 'STOP_EMAIL_CHANGE', services.now());
  const passwordHash = await hashPassword(randomBytes(32).toString('base64url'));
  const ended = await database
    .transaction((manager) => takeBack(services, manager, identity, { token, passwordHash }))
    .catch((error) => {
      if (isUniqueViolation(error)) throw new Conflict('This address has an account of its own by now.');
      throw error;
    });
  await forgetSessions(services, ended);
  await deliverSoon(services);
}
