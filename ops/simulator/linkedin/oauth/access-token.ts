import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { readClient, refuse } from './oauth-client.js';

const ACCESS_TTL_SECONDS = 5_184_000;
const REFRESH_TTL_SECONDS = 31_536_000;
const NO_MATCH =
  'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired.';

/** Answers POST /oauth/v2/accessToken: code exchange and refresh. */
export function answerAccessToken(request: WireRequest, world: World): WireAnswer {
  const form = formOf(request);
  const grantType = form.get('grant_type');
  if (!grantType) return refuse(400, 'invalid_request', 'A required parameter "grant_type" is missing');
  const client = readClient(form, world);
  if ('status' in client) return client;
  if (grantType === 'authorization_code') return exchange(form, client, world);
  if (grantType === 'refresh_token') return refresh(form, client, world);
  return refuse(400, 'unsupported_grant_type', `The grant type ${grantType} is not supported`);
}

function exchange(form: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  const { grants } = world;
  for (const name of ['code', 'redirect_uri'])
    if (!form.get(name)) return refuse(400, 'invalid_request', `A required parameter "${name}" is missing`);
  const code = grants.findCode(form.get('code') ?? '');
  const grant = code && grants.grantOf(code);
  if (!code || grant?.provider !== 'linkedin' || grant.clientId !== client.id)
    return refuse(400, 'invalid_grant', NO_MATCH);
  if (code.usedAt !== null || grants.isExpired(code) || grant.revokedAt !== null)
    return refuse(400, 'invalid_grant', NO_MATCH);
  if (form.get('redirect_uri') !== code.redirectUri) return refuse(400, 'invalid_redirect_uri', NO_MATCH);
  // PKCE is for native apps; here no challenge exists.
  if (form.has('code_verifier')) return refuse(400, 'invalid_request', NO_MATCH);
  grants.useCode(code);
  const refreshToken = code.offline
    ? grants.addToken({
        value: opaqueText('AQV', 180),
        kind: 'refresh',
        grantId: grant.id,
        scopes: code.scopes,
        ttlSeconds: REFRESH_TTL_SECONDS,
      }).value
    : null;
  return tokenAnswer(grant.id, code.scopes, refreshToken, world);
}

function refresh(form: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  const { grants } = world;
  if (!form.get('refresh_token'))
    return refuse(400, 'invalid_request', 'A required parameter "refresh_token" is missing');
  const token = grants.findToken(form.get('refresh_token') ?? '', 'refresh');
  const grant = token && grants.grantOf(token);
  const isOurs = grant?.provider === 'linkedin' && grant.clientId === client.id;
  if (!token || !isOurs || grants.isRevoked(token) || grants.isExpired(token)) {
    return refuse(
      400,
      'invalid_grant',
      'The provided authorization grant or refresh token is invalid, expired or revoked.',
    );
  }
  return tokenAnswer(grant.id, token.scopes, token.value, world);
}

// Refresh tokens are never rotated; their year counts from the consent.
function tokenAnswer(grantId: string, scopes: string[], refreshToken: string | null, world: World): WireAnswer {
  const left = refreshToken === null ? null : secondsLeft(refreshToken, world);
  const ttlSeconds = Math.min(ACCESS_TTL_SECONDS, left ?? ACCESS_TTL_SECONDS);
  const { value } = world.grants.addToken({
    value: opaqueText('AQX', 340),
    kind: 'access',
    grantId,
    scopes,
    ttlSeconds,
  });
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: value,
      expires_in: ttlSeconds,
      ...(refreshToken !== null && { refresh_token: refreshToken, refresh_token_expires_in: left }),
      scope: scopes.join(','),
    },
  };
}

function secondsLeft(refreshToken: string, world: World): number {
  const expiresAt = world.grants.findToken(refreshToken, 'refresh')?.expiresAt ?? 0;
  return Math.floor((expiresAt - world.clock.nowMs()) / 1000);
}
