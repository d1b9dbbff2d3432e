import type { EntityManager } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { notAPerson, requirePerson } from '#auth/services/person/current-person.js';
import { Forbidden } from '#runtime/errors.js';
import type { Identity, Role } from '#runtime/identity/identity.js';

/** Who acts, and where. */
export interface Actor {
  userId: string;
  organizationId: string;
}

/** Returns the person behind an identity. Throws Forbidden for a key or a part of WebMetrics: this is for people. */
export function actingPerson(identity: Identity): Actor {
  const userId = requirePerson(identity);
  if (!identity.organizationId) throw notAPerson();
  return { userId, organizationId: identity.organizationId };
}

/**
 * Returns the role the acting person has at this moment: what the gateway remembers of it may be seconds old. Throws
 * Forbidden when they have left.
 */
export async function actingRole(manager: EntityManager, { userId, organizationId }: Actor): Promise<Role> {
  const membership = await manager.findOneBy(MembershipEntity, { personId: userId, organizationId });
  if (!membership) throw new Forbidden('You do not belong to this organization any more.');
  return membership.role;
}
