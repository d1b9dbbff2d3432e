import type { DataSource } from 'typeorm';
import { isRowId } from '../../../ops/runtime/database.js';
import type { SessionIdentity } from '../../../ops/runtime/session-identity.js';
import { MembershipEntity } from '../entities/membership.js';
import { SessionEntity } from '../entities/session.js';
import { lacksTwoFactor } from './check-second-factor.js';

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
  const mustSetUpTwoFactor = await lacksTwoFactor(database, personId, organizationId);
  return { userId: personId, organizationId, role: membership.role, mustSetUpTwoFactor };
}
