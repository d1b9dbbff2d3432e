import { findXUser } from '#simulator/data/x-users.js';
import { getPerson } from '#simulator/oauth/people.js';
import { findBearer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import type { Caller } from './call.js';
import { plainProblem } from './problem.js';

/** Returns who is calling. Throws 401 for a token that is unknown, expired or revoked: X does not say which. */
export function authenticate(request: WireRequest, world: World): Caller {
  const token = world.grants.findToken(findBearer(request) ?? '', 'access');
  if (!token || world.grants.isExpired(token) || world.grants.isRevoked(token)) throw plainProblem(401);
  const grant = world.grants.grantOf(token);
  const user = grant.provider === 'x' ? findXUser(getPerson(grant.person).xId) : undefined;
  if (!user) throw plainProblem(401);
  return { token, grant, user };
}
