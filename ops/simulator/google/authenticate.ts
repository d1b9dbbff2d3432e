import type { Grant } from '#simulator/oauth/grants.js';
import { getPerson } from '#simulator/oauth/people.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { errorInfo, GoogleError } from './errors.js';
import { findAccessToken } from './read-query.js';

export const MISSING_CREDENTIALS =
  'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid ' +
  'authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
/** Challenge of every 401 (RFC 6750 §3). */
export const REALM = 'Bearer realm="https://accounts.google.com/"';

/** Returns the access token's grant. Throws unless it is valid and has one of the scopes. */
export function authenticate(request: WireRequest, world: World, scopes: readonly string[]): Grant {
  const value = findAccessToken(request);
  if (value === undefined) {
    throw new GoogleError(401, {
      message: MISSING_CREDENTIALS,
      details: [errorInfo('CREDENTIALS_MISSING', request.host)],
      headers: { 'www-authenticate': REALM },
    });
  }
  const token = world.grants.findToken(value, 'access');
  if (!token || world.grants.grantOf(token).provider !== 'google') {
    throw invalidToken(request, 'ACCESS_TOKEN_TYPE_UNSUPPORTED');
  }
  if (world.grants.isExpired(token)) throw invalidToken(request, 'ACCESS_TOKEN_EXPIRED');
  if (world.grants.isRevoked(token)) throw invalidToken(request);
  if (!scopes.some((scope) => token.scopes.includes(scope))) {
    throw new GoogleError(403, {
      message: 'Request had insufficient authentication scopes.',
      reason: 'insufficientPermissions',
      details: [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', request.host)],
      headers: { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${scopes.join(' ')}"` },
    });
  }
  return world.grants.grantOf(token);
}

/** Revokes the consent of a person who does so at the first read of figures, and throws the 401 for it. */
export function revokeAfterConnect(grant: Grant, request: WireRequest, world: World): void {
  if (!getPerson(grant.person).revokesAfterConnect) return;
  world.grants.revoke(grant);
  throw invalidToken(request);
}

/** Returns the 401 for an invalid token. */
export function invalidToken(request: WireRequest, reason?: string): GoogleError {
  return new GoogleError(401, {
    details: reason === undefined ? [] : [errorInfo(reason, request.host)],
    headers: { 'www-authenticate': `${REALM}, error="invalid_token"` },
  });
}
