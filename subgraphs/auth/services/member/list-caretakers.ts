import { In } from 'typeorm';
import type { Context } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import type { Member } from '#auth/loaders.js';
import { NotFound } from '#runtime/errors.js';

/** Returns the owners and administrators, the longest-standing first, or one member. Throws NotFound for no member. */
export async function listCaretakers(
  { manager, personById }: Context,
  { organizationId, userId }: { organizationId: string; userId?: string | null },
): Promise<Member[]> {
  if (userId) {
    const person = await personById.load(userId);
    if (!person) throw new NotFound('person');
    return [person];
  }
  const memberships: Membership[] = await manager.find(MembershipEntity, {
    where: { organizationId, role: In(['OWNER', 'ADMIN']) },
    order: { createdAt: 'ASC', personId: 'ASC' },
  });
  const people = await Promise.all(memberships.map(({ personId }) => personById.load(personId)));
  return people.flatMap((person) => person ?? []);
}
