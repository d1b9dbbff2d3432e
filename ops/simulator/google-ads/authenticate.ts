import { MISSING_CREDENTIALS, REALM } from '#simulator/google/authenticate.js';
import { findAccessToken } from '#simulator/google/read-query.js';
import { GOOGLE_ADS_SCOPE } from '#simulator/google-oauth/scopes.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { failure, frontEndError } from './errors.js';

/** Returns the access token's grant; throws Google's 401 or 403. */
export function authenticate(request: WireRequest, world: World, version: string): Grant {
  const value = findAccessToken(request);
  if (value === undefined)
    throw frontEndError(401, 'CREDENTIALS_MISSING', MISSING_CREDENTIALS, { 'www-authenticate': REALM });
  const rejected = { 'www-authenticate': `${REALM}, error="invalid_token"` };
  const token = world.grants.findToken(value, 'access');
  if (!token || world.grants.grantOf(token).provider !== 'google') {
    throw frontEndError(401, 'ACCESS_TOKEN_TYPE_UNSUPPORTED', undefined, rejected);
  }
  if (world.grants.isExpired(token)) throw frontEndError(401, 'ACCESS_TOKEN_EXPIRED', undefined, rejected);
  if (world.grants.isRevoked(token)) throw revoked(version);
  if (!token.scopes.includes(GOOGLE_ADS_SCOPE)) {
    throw frontEndError(403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'Request had insufficient authentication scopes.', {
      'www-authenticate': `${REALM}, error="insufficient_scope", scope="${GOOGLE_ADS_SCOPE}"`,
    });
  }
  return world.grants.grantOf(token);
}

/** Returns the error for a revoked consent. */
export function revoked(version: string) {
  const error = failure(version, 401, {
    group: 'authenticationError',
    code: 'OAUTH_TOKEN_REVOKED',
    message: 'OAuth token in the HTTP header has been revoked.',
  });
  error.answer.headers = { 'www-authenticate': `${REALM}, error="invalid_token"` };
  return error;
}

/** Returns the error for a person without an Ads account. */
export function notAdsUser(version: string) {
  const error = failure(version, 401, {
    group: 'authenticationError',
    code: 'NOT_ADS_USER',
    message:
      'The Google account is not associated with any Google Ads account. Sign in with one that is, or create a new Google Ads account.',
  });
  error.answer.headers = { 'www-authenticate': REALM };
  return error;
}
