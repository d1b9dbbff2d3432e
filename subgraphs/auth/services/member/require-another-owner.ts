import { type EntityManager, Not } from 'typeorm';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { Conflict } from '#runtime/errors.js';

/** Throws Conflict when the organization would be without an owner but for this member. Call it inside `changeMembers`. */
export async function requireAnotherOwner(
  manager: EntityManager,
  { organizationId, personId, role }: Membership,
): Promise<void> {
  if (role !== 'OWNER') return;
  if (await manager.existsBy(MembershipEntity, { organizationId, personId: Not(personId), role: 'OWNER' })) return;
  throw new Conflict('An organization needs an owner, and this is the last one: make somebody else an owner first.');
}
