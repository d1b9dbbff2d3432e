import { Forbidden } from '#runtime/errors.js';
import { type Role, roles } from '#runtime/identity/identity.js';

const isAtLeast = (role: Role, needed: Role) => roles.indexOf(role) <= roles.indexOf(needed);

/** Throws Forbidden unless somebody with the role `own` may do what takes `needed`. */
export function requireRole(own: Role, needed: Role): void {
  if (!isAtLeast(own, needed)) throw new Forbidden(`This needs the role ${needed}.`);
}

/** Throws Forbidden when somebody with the role `own` would give or take one that is stronger. */
export function requireNotStronger(own: Role, other: Role): void {
  if (!isAtLeast(own, other)) throw new Forbidden(`As ${own} you cannot give or take the role ${other}: ask an owner.`);
}
