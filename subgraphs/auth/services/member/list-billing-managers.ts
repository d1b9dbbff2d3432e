import { ArrayContains } from 'typeorm';
import type { Context } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import type { Member } from '#auth/loaders.js';

/** Returns the owners, then the members with the right BILLING, the longest-standing first: invoices are mailed to the first one. */
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
  const owners = memberships.filter(({ role }) => role === 'OWNER');
  const others = memberships.filter(({ role }) => role !== 'OWNER');
  const people = await Promise.all([...owners, ...others].map(({ personId }) => personById.load(personId)));
  return people.flatMap((person) => person ?? []);
}
