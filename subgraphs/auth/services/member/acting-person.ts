import type { TransactionContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { notAPerson, requirePerson } from '#auth/services/person/current-person.js';
import { Forbidden } from '#runtime/errors.js';
import { type Identity, type Role, roles } from '#runtime/identity/identity.js';

/** A person who acts in an organization. */
export interface Actor {
  userId: string;
  organizationId: string;
}

/** Returns the person behind an identity. Throws Forbidden for an API key or a service. */
export function actingPerson(identity: Identity): Actor {
  const userId = requirePerson(identity);
  if (!identity.organizationId) throw notAPerson();
  return { userId, organizationId: identity.organizationId };
}

/** Returns the person's current role, which the identity's may lag behind. Throws Forbidden for no member. */
export async function actingRole(
  { manager }: TransactionContext,
  { userId: personId, organizationId }: Actor,
): Promise<Role> {
  const membership = await manager.findOneBy(MembershipEntity, { personId, organizationId });
  if (!membership) throw new Forbidden('You do not belong to this organization any more.');
  return membership.role;
}

const isAtLeast = (role: Role, needed: Role) => roles.indexOf(role) <= roles.indexOf(needed);

/** Throws Forbidden unless the role `own` includes `needed`. */
export function requireRole(own: Role, needed: Role): void {
  if (!isAtLeast(own, needed)) throw new Forbidden(`This needs the role ${needed}.`);
}

/** Throws Forbidden when `other` is stronger than `own`. */
export function requireNotStronger(own: Role, other: Role): void {
  if (!isAtLeast(own, other)) throw new Forbidden(`As ${own} you cannot give or take the role ${other}: ask an owner.`);
}

/** Whether a member with the role `own` can invite with `role`; undefined = no member. */
export function mayInvite(own: Role | undefined, role: Role): boolean {
  return own !== undefined && isAtLeast(own, 'ADMIN') && isAtLeast(own, role);
}
