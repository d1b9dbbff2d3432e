import { type EntityManager, IsNull } from 'typeorm';
import { type Membership, MembershipEntity } from '../entities/membership.js';
import { SessionEntity } from '../entities/session.js';

/**
 * Ends a membership and with it whatever the person holds in the organization: what is issued to a person for an
 * organization is taken back here. Call it inside `changeMembers`.
 */
export async function endMembership(
  manager: EntityManager,
  { organizationId, personId }: Membership,
  now: Date,
): Promise<void> {
  const theirs = { organizationId, personId };
  await manager.update(SessionEntity, { ...theirs, revokedAt: IsNull() }, { revokedAt: now });
  await manager.delete(MembershipEntity, theirs);
}
