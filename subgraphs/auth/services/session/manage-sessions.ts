import { IsNull, MoreThan } from 'typeorm';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { recordAudits } from '#auth/services/audit/record-audits.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import { type EndReason, endSessions, forgetSessions, type SessionsToEnd, sessionEnds } from './end-sessions.js';

/** Returns the live sessions of a person, the most recently used first. */
export function listSessions(
  { services, manager }: ServiceContext,
  { personId }: { personId: string },
): Promise<Session[]> {
  return manager.find(SessionEntity, {
    where: { personId, revokedAt: IsNull(), expiresAt: MoreThan(services.now()) },
    order: { lastSeenAt: 'DESC', id: 'ASC' },
  });
}

/** Ends sessions of the caller and returns their number. Throws Forbidden for no person. */
export async function endOwnSessions(
  context: ServiceContext,
  { reason, ...which }: Omit<SessionsToEnd, 'personId'> & { reason: EndReason },
): Promise<number> {
  const personId = requirePerson(context.identity);
  const ended = await inTransaction(context, async (transaction) => {
    const sessions = await endSessions(transaction, { personId, ...which });
    await recordAudits(transaction, sessionEnds(sessions, reason));
    return sessions;
  });
  await forgetSessions(context, ended);
  return ended.length;
}

/** Ends one session of the caller. Throws NotFound, also for another person's session. */
export async function endSession(context: ServiceContext, { sessionId }: { sessionId: string }): Promise<void> {
  const which = { only: sessionId, reason: 'ENDED_FROM_ANOTHER_SESSION' } as const;
  const count = isRowId(sessionId) ? await endOwnSessions(context, which) : 0;
  if (count === 0) throw new NotFound('session');
}
