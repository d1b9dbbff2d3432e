import { type DataSource, LessThan } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { lacksTwoFactor } from '#auth/services/two-factor/check-second-factor.js';
import { isRowId } from '#runtime/database/database.js';
import type { SessionIdentity } from '#runtime/identity/session-identity.js';

const SEEN_EVERY_MS = 60_000;

/** Notes that a session is in use: at most once a minute, though it is asked for with every few requests. */
async function noteSeen(database: DataSource, { id, lastSeenAt }: Session, now: Date): Promise<void> {
  const due = new Date(now.getTime() - SEEN_EVERY_MS);
  if (lastSeenAt >= due) return;
  await database.manager.update(SessionEntity, { id, lastSeenAt: LessThan(due) }, { lastSeenAt: now });
}

/** Returns whom a live session stands for, or null when it has ended or its person left the organization. */
export async function findSessionIdentity(
  database: DataSource,
  sessionId: string,
  now: Date,
): Promise<SessionIdentity | null> {
  if (!isRowId(sessionId)) return null;
  const session = await database.manager.findOneBy(SessionEntity, { id: sessionId });
  if (!session || session.revokedAt || session.expiresAt <= now) return null;
  const { personId, organizationId } = session;
  const membership = await database.manager.findOneBy(MembershipEntity, { personId, organizationId });
  if (!membership) return null;
  await noteSeen(database, session, now);
  const mustSetUpTwoFactor = await lacksTwoFactor(database, personId, organizationId);
  return { userId: personId, organizationId, role: membership.role, mustSetUpTwoFactor };
}
