import { createHmac } from 'node:crypto';
import { GraphError } from '#simulator/meta/graph-error.js';
import type { Grant, Token } from '#simulator/oauth/grants.js';
import { findBearer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findTokenProblem, unreadableToken } from './token-errors.js';

export interface Caller {
  token: Token;
  grant: Grant;
}

/** Returns who is calling, by query parameter or header. Throws Meta's error for a token that does not work. */
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
