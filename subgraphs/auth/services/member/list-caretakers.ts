import { In } from 'typeorm';
import type { Context } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import type { Member } from '#auth/loaders/person-by-id.js';
import { NotFound } from '#runtime/errors.js';

/**
 * Returns who looks after things in an organization: its owners and administrators, those who joined first before the
 * others, or the one person asked for. Throws NotFound for one who does not belong to it (any more).
 */
export async function listCaretakers(
  { database, personById }: Pick<Context, 'database' | 'personById'>,
  organizationId: string,
  userId?: string | null,
): Promise<Member[]> {
  if (userId) {
    const person = await personById.load(userId);
    if (!person) throw new NotFound('person');
    return [person];
  }
  const memberships: Membership[] = await database.manager.find(MembershipEntity, {
    where: { organizationId, role: In(['OWNER', 'ADMIN']) },
    order: { createdAt: 'ASC', personId: 'ASC' },
  });
  const people = await Promise.all(memberships.map(({ personId }) => personById.load(personId)));
  return people.flatMap((one) => one ?? []);
}
