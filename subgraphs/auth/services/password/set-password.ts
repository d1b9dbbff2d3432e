import type { EntityManager } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import type { Session } from '#auth/entities/session.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { passwordChangedMail } from '#auth/mails/password-changed.js';
import { aboutPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import { withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { endSessions, sessionEnds } from '#auth/services/session/end-sessions.js';
import type { Identity } from '#runtime/identity/identity.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

/**
 * Gives a person another password in the transaction: links that came of the old one no longer hold, sessions end (all but
 * `keepSession`), the person is told by mail. Call it last. Returns the sessions that ended, for `forgetSessions`.
 */
export async function setPassword(
  manager: EntityManager,
  identity: Identity,
  {
    person,
    passwordHash,
    how,
    keepSession,
    now,
  }: {
    person: Pick<Person, 'id' | 'email'>;
    passwordHash: string;
    how: 'changed' | 'reset';
    keepSession?: string;
    now: Date;
  },
): Promise<Session[]> {
  await manager.update(PersonEntity, { id: person.id }, { passwordHash });
  await withdrawOneTimeTokens(manager, person.id, now, 'RESET_PASSWORD');
  // Whoever knew the old password may have asked for it.
  await withdrawOneTimeTokens(manager, person.id, now, 'CONFIRM_EMAIL_CHANGE');
  const mail = passwordChangedMail(how, describeOrigin(identity, now));
  await queueMail(manager, { recipient: person.email, kind: `password-${how}`, ...mail });
  const ended = await endSessions(manager, { personId: person.id, now, except: keepSession });
  await recordAudits(manager, identity, [
    ...(await aboutPerson(manager, person.id, { action: `password.${how}` })),
    ...sessionEnds(ended, how === 'changed' ? 'PASSWORD_CHANGED' : 'PASSWORD_RESET'),
  ]);
  return ended;
}
