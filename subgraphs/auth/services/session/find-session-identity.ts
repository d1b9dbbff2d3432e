import { LessThan } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { surplusMembers } from '#auth/services/member/surplus-members.js';
import { lacksTwoFactorSql } from '#auth/services/two-factor/has-two-factor.js';
import { isRowId } from '#runtime/database/database.js';
import { prepared } from '#runtime/database/prepared-statements.js';
import type { MemberRight, Role } from '#runtime/identity/identity.js';
import type { SessionIdentity } from '#runtime/identity/session-identity.js';

const SEEN_EVERY_MS = 60_000;

interface SessionRow
  extends Pick<Session, 'id' | 'personId' | 'organizationId' | 'expiresAt' | 'revokedAt' | 'lastSeenAt'> {
  /** Of the membership; null = there is none (any more). */
  role: Role | null;
  rights: MemberRight[];
  clientIds: string[] | null;
  mustSetUpTwoFactor: boolean;
  /** How many members the organization has. */
  members: number;
}

// Everything of the caller at once: with each request that no cache answers.
const SESSION = prepared(`
  SELECT session.id, session.person_id AS "personId", session.organization_id AS "organizationId",
    session.expires_at AS "expiresAt", session.revoked_at AS "revokedAt", session.last_seen_at AS "lastSeenAt",
    membership.role, membership.rights, membership.client_ids AS "clientIds",
    ${lacksTwoFactorSql({ isRequired: 'organization."requires_two_factor"', personId: 'session.person_id' })} AS "mustSetUpTwoFactor",
    (SELECT count(*)::int FROM auth.membership AS member WHERE member.organization_id = session.organization_id) AS members
  FROM auth.session
    LEFT JOIN auth.membership ON membership.organization_id = session.organization_id
      AND membership.person_id = session.person_id
    LEFT JOIN auth.organization ON organization.id = session.organization_id
  WHERE session.id = $1`);

/** Records the use of a session once a minute. */
async function recordSeen(
  { services, manager }: ServiceContext,
  { id, lastSeenAt }: Pick<Session, 'id' | 'lastSeenAt'>,
): Promise<void> {
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
  const [row] = await manager.query<SessionRow[]>(SESSION, [sessionId]);
  if (!row || row.revokedAt || row.expiresAt <= services.now()) return null;
  const { personId: userId, organizationId } = row;
  if (!organizationId) {
    await recordSeen(context, row);
    return {
      ...{ userId, organizationId, role: null, rights: [], clientIds: null },
      ...{ mustSetUpTwoFactor: false, isReadOnly: false },
    };
  }
  const { role, rights, clientIds, mustSetUpTwoFactor, members } = row;
  if (!role) return null;
  await recordSeen(context, row);
  const surplus = await surplusMembers(context, { organizationId, members });
  return { userId, organizationId, role, rights, mustSetUpTwoFactor, clientIds, isReadOnly: surplus.ids.has(userId) };
}
