import type { EntityManager } from 'typeorm';
import { isRowId } from '../../../ops/runtime/database.js';
import { NotFound } from '../../../ops/runtime/errors.js';
import { type Membership, MembershipEntity } from '../entities/membership.js';

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
