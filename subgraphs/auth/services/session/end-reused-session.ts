import type { EntityManager } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import type { Session } from '#auth/entities/session.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { sessionReusedMail } from '#auth/mails/session-reused.js';
import { recordAudits } from '#auth/services/audit/record-audits.js';
import type { Identity } from '#runtime/identity/identity.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { endSessions, sessionEnds } from './end-sessions.js';

/**
 * Ends a session of which a refresh token came back, and tells its person what to do: somebody may have copied it.
 * Returns what ended, for `forgetSessions`.
 */
export async function endReusedSession(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  { id, personId, organizationId }: Session,
): Promise<Session[]> {
  const now = services.now();
  const { email } = await manager.findOneByOrFail(PersonEntity, { id: personId });
  const mail = sessionReusedMail(describeOrigin(identity, now));
  await queueMail(manager, { recipient: email, kind: 'session-reused', key: `session-reused ${id}`, ...mail });
  services.logger.audit({ sessionId: id, personId, organizationId }, 'A refresh token was used twice: session ended');
  const ended = await endSessions(manager, { personId, only: id, now });
  await recordAudits(manager, identity, sessionEnds(ended, 'REFRESH_TOKEN_REUSED'));
  return ended;
}
