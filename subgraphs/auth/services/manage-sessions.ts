import { type DataSource, IsNull, MoreThan } from 'typeorm';
import { isRowId } from '../../../ops/runtime/database.js';
import { NotFound } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { type Session, SessionEntity } from '../entities/session.js';
import { requirePerson } from './current-person.js';
import { endSessions, forgetSessions, type SessionsToEnd } from './end-sessions.js';

/** Returns where a person is signed in, the session that was used last first. */
export function listSessions(database: DataSource, personId: string, now: Date): Promise<Session[]> {
  return database.manager.find(SessionEntity, {
    where: { personId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
    order: { lastSeenAt: 'DESC', id: 'ASC' },
  });
}

/** Ends sessions of whoever asks: one, all others, or all. Returns how many there were. */
export async function endOwnSessions(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  which: Pick<SessionsToEnd, 'reason' | 'only' | 'except'>,
): Promise<number> {
  const personId = requirePerson(identity);
  const ended = await database.transaction((manager) =>
    endSessions(manager, identity, { personId, now: runtime.now(), ...which }),
  );
  await forgetSessions(runtime, ended);
  return ended.length;
}

/** Ends one session of whoever asks. Throws NotFound, also for a session of somebody else. */
export async function endSession(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  sessionId: string,
): Promise<void> {
  const which = { only: sessionId, reason: 'ENDED_FROM_ANOTHER_SESSION' } as const;
  const count = isRowId(sessionId) ? await endOwnSessions(runtime, database, identity, which) : 0;
  if (count === 0) throw new NotFound('session');
}
