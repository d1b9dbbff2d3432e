import { tokenErrors } from '#simulator/linkedin/linkedin-error.js';
import type { Grant, Token } from '#simulator/oauth/grants.js';
import { getPerson, type Person } from '#simulator/oauth/people.js';
import { findBearer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

export interface Caller {
  token: Token;
  grant: Grant;
  person: Person;
}

/** Returns the caller. Throws 401 for an invalid token. */
export function authenticate(request: WireRequest, world: World): Caller {
  const value = findBearer(request);
  if (value === undefined) throw tokenErrors.empty();
  const token = world.grants.findToken(value, 'access');
  const grant = token && world.grants.grantOf(token);
  if (!token || grant?.provider !== 'linkedin') throw tokenErrors.invalid();
  if (world.grants.isRevoked(token)) throw tokenErrors.revoked();
  if (world.grants.isExpired(token)) throw tokenErrors.expired();
  return { token, grant, person: getPerson(grant.person) };
}

/** Revokes the consent of a person who does so at the first read of campaigns or figures, and throws the 401 for it. */
export function revokeAfterConnect({ grant, person }: Caller, world: World): void {
  if (!person.revokesAfterConnect) return;
  world.grants.revoke(grant);
  throw tokenErrors.revoked();
}
