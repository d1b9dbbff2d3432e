import { In } from 'typeorm';
import type { Context } from '../context.js';
import { type Membership, MembershipEntity } from '../entities/membership.js';
import type { Member } from '../loaders/person-by-id.js';

/**
 * Returns who looks after something in an organization: the person who set it up while they belong to it, else its owners
 * and administrators, those who joined first before the others.
 */
export async function listCaretakers(
  { database, personById }: Pick<Context, 'database' | 'personById'>,
  organizationId: string,
  userId?: string | null,
): Promise<Member[]> {
  const person = userId ? await personById.load(userId) : null;
  if (person) return [person];
  const memberships: Membership[] = await database.manager.find(MembershipEntity, {
    where: { organizationId, role: In(['OWNER', 'ADMIN']) },
    order: { createdAt: 'ASC', personId: 'ASC' },
  });
  const people = await Promise.all(memberships.map(({ personId }) => personById.load(personId)));
  return people.flatMap((one) => one ?? []);
}
