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

/** Returns who is calling. Throws LinkedIn's 401 for a token that does not work. */
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

/** Withdraws the consent of a person who does so at the first look at a campaign or a figure, and throws the 401 for it. */
export function revokeFickleConsent({ grant, person }: Caller, world: World): void {
  if (!person.revokesAfterConnect) return;
  world.grants.revoke(grant);
  throw tokenErrors.revoked();
}
