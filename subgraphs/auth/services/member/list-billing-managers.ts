import { ArrayContains } from 'typeorm';
import type { Context } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import type { Member } from '#auth/loaders.js';

/** Returns the owners and the members with the right BILLING, the longest-standing first. */
export async function listBillingManagers(
  { manager, personById }: Context,
  { organizationId }: { organizationId: string },
): Promise<Member[]> {
  const memberships: Membership[] = await manager.find(MembershipEntity, {
    where: [
      { organizationId, role: 'OWNER' },
      { organizationId, rights: ArrayContains(['BILLING']) },
    ],
    order: { createdAt: 'ASC', personId: 'ASC' },
  });
  const people = await Promise.all(memberships.map(({ personId }) => personById.load(personId)));
  return people.flatMap((person) => person ?? []);
}
