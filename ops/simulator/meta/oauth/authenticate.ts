import { createHmac } from 'node:crypto';
import { GraphError } from '#simulator/meta/graph-error.js';
import type { Grant, Token } from '#simulator/oauth/grants.js';
import { findBearer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

export interface Caller {
  token: Token;
  grant: Grant;
}

/** Returns the caller, from parameter or header. Throws Meta's error for an invalid token. */
export function authenticate(request: WireRequest, world: World): Caller {
  const fromHeader = findBearer(request);
  const value = request.query.get('access_token') ?? fromHeader;
  if (!value) {
    throw request.path.split('/').includes('me')
      ? new GraphError('An active access token must be used to query information about the current user.', {
          code: 2500,
        })
      : new GraphError('(#104) An access token is required to request this resource.', { code: 104 });
  }
  const status = fromHeader === undefined ? 400 : 401;
  const token = world.grants.findToken(value, 'access');
  if (!token || world.grants.grantOf(token).provider !== 'meta') throw unreadableToken(status);
  const problem = findTokenProblem(token, world, status);
  if (problem) throw problem;
  const grant = world.grants.grantOf(token);
  checkProof(request.query.get('appsecret_proof'), value, grant, world);
  return { token, grant };
}

// https://developers.facebook.com/docs/graph-api/guides/secure-requests#appsecret_proof
function checkProof(proof: string | null, token: string, grant: Grant, world: World): void {
  const secret = world.clients.find(grant.clientId)?.secret ?? '';
  if (proof === null || proof === createHmac('sha256', secret).update(token).digest('hex')) return;
  throw new GraphError('Invalid appsecret_proof provided in the API argument', {
    code: 100,
    type: 'GraphMethodException',
  });
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns the error for a revoked or expired token, else null. */
export function findTokenProblem(token: Token, world: World, status: number): GraphError | null {
  const grant = world.grants.grantOf(token);
  if (world.grants.isRevoked(token)) {
    return new GraphError(`Error validating access token: The user has not authorized application ${grant.clientId}.`, {
      status,
      code: 190,
      subcode: 458,
    });
  }
  if (!world.grants.isExpired(token)) return null;
  const [expired, now] = [new Date(token.expiresAt ?? 0), world.clock.now()].map(pacificText);
  return new GraphError(
    `Error validating access token: Session has expired on ${expired}. The current time is ${now}.`,
    { status, code: 190, subcode: 463 },
  );
}

/** Returns the error for an unparsable token. */
export function unreadableToken(status: number): GraphError {
  return new GraphError('Invalid OAuth access token - Cannot parse access token', { status, code: 190 });
}

// Such as "Sunday, 01-Nov-26 04:45:57 PST"; with a fixed offset.
function pacificText(instant: Date): string {
  const local = new Date(instant.getTime() - 8 * 3_600_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${two(local.getUTCDate())}-${MONTHS[local.getUTCMonth()]}-${two(local.getUTCFullYear() % 100)}`;
  return `${DAYS[local.getUTCDay()]}, ${date} ${local.toISOString().slice(11, 19)} PST`;
}
