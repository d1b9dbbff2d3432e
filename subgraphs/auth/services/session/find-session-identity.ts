import { LessThan } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { surplusMembers } from '#auth/services/member/surplus-members.js';
import { lacksTwoFactor } from '#auth/services/two-factor/has-two-factor.js';
import { isRowId } from '#runtime/database/database.js';
import type { SessionIdentity } from '#runtime/identity/session-identity.js';

const SEEN_EVERY_MS = 60_000;

/** Records the use of a session once a minute. */
async function recordSeen({ services, manager }: ServiceContext, { id, lastSeenAt }: Session): Promise<void> {
  const now = services.now();
  const due = new Date(now.getTime() - SEEN_EVERY_MS);
  if (lastSeenAt >= due) return;
  await manager.update(SessionEntity, { id, lastSeenAt: LessThan(due) }, { lastSeenAt: now });
}

/** Returns the identity of a live session; null for an ended one. */
export async function findSessionIdentity(
  context: ServiceContext,
  { sessionId }: { sessionId: string },
): Promise<SessionIdentity | null> {
  if (!isRowId(sessionId)) return null;
  const { services, manager } = context;
  const session = await manager.findOneBy(SessionEntity, { id: sessionId });
  if (!session || session.revokedAt || session.expiresAt <= services.now()) return null;
  const { personId, organizationId } = session;
  if (!organizationId) {
    await recordSeen(context, session);
    return {
      ...{ userId: personId, organizationId, role: null, rights: [], clientIds: null },
      ...{ mustSetUpTwoFactor: false, isReadOnly: false },
    };
  }
  const membership = await manager.findOneBy(MembershipEntity, { personId, organizationId });
  if (!membership) return null;
  await recordSeen(context, session);
  const mustSetUpTwoFactor = await lacksTwoFactor(context, { personId, organizationId });
  const { role, rights, clientIds } = membership;
  const isReadOnly = (await surplusMembers(context, { organizationId })).ids.has(personId);
  return { userId: personId, organizationId, role, rights, mustSetUpTwoFactor, clientIds, isReadOnly };
}
