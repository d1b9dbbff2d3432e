import { statusNameOf } from '#simulator/google/errors.js';
import type { Token } from '#simulator/oauth/grants.js';
import { getPerson } from '#simulator/oauth/people.js';
import { findBearer, formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';
const PROFILE = 'https://www.googleapis.com/auth/userinfo.profile';

/** Answers POST /revoke: any token revokes its whole grant. */
export function answerRevoke(request: WireRequest, world: World): WireAnswer {
  const value = formOf(request).get('token') ?? request.query.get('token') ?? '';
  const token = world.grants.findToken(value, 'access') ?? world.grants.findToken(value, 'refresh');
  if (!token || !isGoogles(token, world) || world.grants.isRevoked(token) || world.grants.isExpired(token)) {
    return { status: 400, body: { error: 'invalid_token', error_description: 'Token expired or revoked' } };
  }
  world.grants.revoke(world.grants.grantOf(token));
  return { status: 200, body: {} };
}

/** Answers /tokeninfo for access tokens. */
export function answerTokenInfo(request: WireRequest, world: World): WireAnswer {
  // Google's own libraries send it in the header.
  const given = request.query.get('access_token') ?? formOf(request).get('access_token') ?? findBearer(request) ?? '';
  const token = findUsable(given, world);
  if (!token) return { status: 400, body: { error: 'invalid_token', error_description: 'Invalid Value' } };
  const grant = world.grants.grantOf(token);
  const person = getPerson(grant.person);
  const exp = Math.floor((token.expiresAt ?? 0) / 1000);
  return {
    status: 200,
    body: {
      azp: grant.clientId,
      aud: grant.clientId,
      sub: person.googleId,
      scope: token.scopes.join(' '),
      exp: String(exp),
      expires_in: String(exp - Math.floor(world.clock.nowMs() / 1000)),
      access_type: 'offline',
      ...(token.scopes.includes(EMAIL) && { email: person.email, email_verified: 'true' }),
    },
  };
}

/** Answers GET /oauth2/v2/userinfo within the scopes. */
export function answerUserInfo(request: WireRequest, world: World): WireAnswer {
  const token = findUsable(findBearer(request) ?? request.query.get('access_token') ?? '', world);
  if (!token) return refuse(401, 'UNAUTHENTICATED', statusNameOf(401).message, 'invalid_token');
  const seesEmail = token.scopes.includes(EMAIL);
  const seesProfile = token.scopes.includes(PROFILE);
  if (!seesEmail && !seesProfile && !token.scopes.includes('openid')) {
    return refuse(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', 'insufficient_scope');
  }
  const person = getPerson(world.grants.grantOf(token).person);
  return {
    status: 200,
    body: {
      id: person.googleId,
      ...(seesEmail && { email: person.email, verified_email: true, hd: person.email.split('@')[1] }),
      ...(seesProfile && {
        name: `${person.givenName} ${person.familyName}`,
        given_name: person.givenName,
        family_name: person.familyName,
        picture: `${request.base}/a/${person.id}=s96-c`,
        locale: 'en',
      }),
    },
  };
}

function findUsable(value: string, world: World): Token | undefined {
  const token = world.grants.findToken(value, 'access');
  return token && isGoogles(token, world) && !world.grants.isExpired(token) && !world.grants.isRevoked(token)
    ? token
    : undefined;
}

function isGoogles(token: Token, world: World): boolean {
  return world.grants.grantOf(token).provider === 'google';
}

function refuse(code: number, status: string, message: string, challenge: string): WireAnswer {
  return {
    status: code,
    headers: { 'www-authenticate': `Bearer realm="https://accounts.google.com/", error="${challenge}"` },
    body: { error: { code, message, status } },
  };
}
