import type { EntityManager } from 'typeorm';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

/** Returns a person's membership. Throws NotFound, alike for somebody of another organization and for nobody. */
export async function getMembership(
  manager: EntityManager,
  organizationId: string,
  personId: string,
): Promise<Membership> {
  const membership = isRowId(personId) ? await manager.findOneBy(MembershipEntity, { organizationId, personId }) : null;
  if (!membership) throw new NotFound('member');
  return membership;
}
