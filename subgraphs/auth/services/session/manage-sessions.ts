import { type DataSource, IsNull, MoreThan } from 'typeorm';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { recordAudits } from '#auth/services/audit/record-audits.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { type EndReason, endSessions, forgetSessions, type SessionsToEnd, sessionEnds } from './end-sessions.js';

/** Returns where a person is signed in, the session that was used last first. */
export function listSessions(database: DataSource, personId: string, now: Date): Promise<Session[]> {
  return database.manager.find(SessionEntity, {
    where: { personId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
    order: { lastSeenAt: 'DESC', id: 'ASC' },
  });
}

/** Ends sessions of whoever asks: one, all others, or all. Returns how many there were. */
export async function endOwnSessions(
  services: Services,
  database: DataSource,
  identity: Identity,
  { reason, ...which }: Pick<SessionsToEnd, 'only' | 'except'> & { reason: EndReason },
): Promise<number> {
  const personId = requirePerson(identity);
  const ended = await database.transaction(async (manager) => {
    const sessions = await endSessions(manager, { personId, now: services.now(), ...which });
    await recordAudits(manager, identity, sessionEnds(sessions, reason));
    return sessions;
  });
  await forgetSessions(services, ended);
  return ended.length;
}

/** Ends one session of whoever asks. Throws NotFound, also for a session of somebody else. */
export async function endSession(
  services: Services,
  database: DataSource,
  identity: Identity,
  sessionId: string,
): Promise<void> {
  const which = { only: sessionId, reason: 'ENDED_FROM_ANOTHER_SESSION' } as const;
  const count = isRowId(sessionId) ? await endOwnSessions(services, database, identity, which) : 0;
  if (count === 0) throw new NotFound('session');
}
