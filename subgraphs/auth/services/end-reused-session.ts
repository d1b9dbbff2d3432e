import type { EntityManager } from 'typeorm';
import type { Identity } from '../../../ops/runtime/identity.js';
import { queueMail } from '../../../ops/runtime/mail/queue-mail.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { PersonEntity } from '../entities/person.js';
import type { Session } from '../entities/session.js';
import { describeOrigin } from '../mails/origin.js';
import { sessionReusedMail } from '../mails/session-reused.js';
import { endSessions } from './end-sessions.js';

/**
 * Ends a session of which a refresh token came back, and tells its person what to do: somebody may have copied it.
 * Returns what ended, for `forgetSessions`.
 */
export async function endReusedSession(
  runtime: Runtime,
  manager: EntityManager,
  identity: Identity,
  { id, personId, organizationId }: Session,
): Promise<string[]> {
  const now = runtime.now();
  const { email } = await manager.findOneByOrFail(PersonEntity, { id: personId });
  const mail = sessionReusedMail(describeOrigin(identity, now));
  await queueMail(manager, { recipient: email, kind: 'session-reused', key: `session-reused ${id}`, ...mail });
  runtime.logger.audit({ sessionId: id, personId, organizationId }, 'A refresh token was used twice: session ended');
  return endSessions(manager, identity, { personId, only: id, reason: 'REFRESH_TOKEN_REUSED', now });
}
