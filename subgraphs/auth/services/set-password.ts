import type { EntityManager } from 'typeorm';
import type { Identity } from '../../../ops/runtime/identity.js';
import { queueMail } from '../../../ops/runtime/mail/queue-mail.js';
import { type Person, PersonEntity } from '../entities/person.js';
import { describeOrigin } from '../mails/origin.js';
import { passwordChangedMail } from '../mails/password-changed.js';
import { endSessions } from './end-sessions.js';
import { withdrawOneTimeTokens } from './one-time-token.js';
import { recordPersonAudit } from './record-person-audit.js';

/**
 * Gives a person another password in the transaction: links that came of the old one no longer hold, sessions end (all but
 * `keepSession`), the person is told by mail. Returns the sessions that ended, for `forgetSessions`.
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
): Promise<string[]> {
  await manager.update(PersonEntity, { id: person.id }, { passwordHash });
  await withdrawOneTimeTokens(manager, person.id, now, 'RESET_PASSWORD');
  // Whoever knew the old password may have asked for it.
  await withdrawOneTimeTokens(manager, person.id, now, 'CONFIRM_EMAIL_CHANGE');
  const mail = passwordChangedMail(how, describeOrigin(identity, now));
  await queueMail(manager, { recipient: person.email, kind: `password-${how}`, ...mail });
  await recordPersonAudit(manager, identity, person.id, { action: `password.${how}` });
  const reason = how === 'changed' ? 'PASSWORD_CHANGED' : 'PASSWORD_RESET';
  return endSessions(manager, identity, { personId: person.id, reason, now, except: keepSession });
}
