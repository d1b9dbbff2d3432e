import type { Grant, Token } from '#simulator/oauth/grants.js';
import { basicCredentials, type OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { signIdToken } from './id-token.js';
import { findVerifierProblem } from './pkce.js';

const ACCESS_TTL_SECONDS = 3599;
// Google expires refresh tokens unused for six months.
const REFRESH_IDLE_MS = 182 * 86_400_000;

/** Answers POST /token: code exchange and refresh; credentials in the body or HTTP Basic. */
export async function answerToken(request: WireRequest, world: World): Promise<WireAnswer> {
  const form = formOf(request);
  const grantType = form.get('grant_type');
  const [basicId, basicSecret] = basicCredentials(request.headers.authorization);
  const clientId = form.get('client_id') || basicId;
  const secret = form.get('client_secret') ?? basicSecret;
  if (!clientId) return refuse(400, 'invalid_request', 'Could not determine client ID from request.');
  if (!grantType) return refuse(400, 'invalid_request', 'Missing required parameter: grant_type');
  const client = world.clients.find(clientId);
  if (!client) return refuse(401, 'invalid_client', 'The OAuth client was not found.');
  if (secret === null) return refuse(400, 'invalid_request', 'client_secret is missing.');
  if (!world.clients.hasSecret(client, secret)) return refuse(401, 'invalid_client', 'Unauthorized');
  if (grantType === 'authorization_code') return exchange(form, client, world);
  if (grantType === 'refresh_token') return refresh(form, client, world);
  return refuse(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
}

async function exchange(form: URLSearchParams, client: OAuthClient, world: World): Promise<WireAnswer> {
  const { grants } = world;
  if (!form.get('code')) return refuse(400, 'invalid_request', 'Missing required parameter: code');
  const code = grants.findCode(form.get('code') ?? '');
  if (!code || grants.grantOf(code).provider !== 'google') return refuse(400, 'invalid_grant', 'Malformed auth code.');
  const grant = grants.grantOf(code);
  if (grant.clientId !== client.id || code.usedAt !== null || grants.isExpired(code) || grant.revokedAt !== null) {
    return refuse(400, 'invalid_grant', 'Bad Request');
  }
  if (form.get('redirect_uri') !== code.redirectUri) return refuse(400, 'redirect_uri_mismatch', 'Bad Request');
  const problem = findVerifierProblem(code.challenge, form.get('code_verifier'));
  if (problem !== null) return refuse(400, 'invalid_grant', problem);
  grants.useCode(code);
  const answer = await tokenAnswer(grant, code.scopes, world, code.nonce);
  if (!code.offline) return { status: 200, headers: NO_STORE, body: answer };
  makeRoomForRefreshToken(grant, world);
  const { value } = grants.addToken({
    value: opaqueText('1//0g', 98),
    kind: 'refresh',
    grantId: grant.id,
    scopes: code.scopes,
    ttlSeconds: null,
  });
  return { status: 200, headers: NO_STORE, body: { ...answer, refresh_token: value } };
}

async function refresh(form: URLSearchParams, client: OAuthClient, world: World): Promise<WireAnswer> {
  const { grants } = world;
  if (!form.get('refresh_token')) return refuse(400, 'invalid_request', 'Missing required parameter: refresh_token');
  const token = grants.findToken(form.get('refresh_token') ?? '', 'refresh');
  if (!token) return refuse(400, 'invalid_grant', 'Bad Request');
  const grant = grants.grantOf(token);
  if (grant.clientId !== client.id) return refuse(401, 'unauthorized_client', 'Unauthorized');
  if (grants.isRevoked(token) || isIdle(token, world))
    return refuse(400, 'invalid_grant', 'Token has been expired or revoked.');
  grants.useToken(token);
  return { status: 200, headers: NO_STORE, body: await tokenAnswer(grant, token.scopes, world) };
}

async function tokenAnswer(
  grant: Grant,
  scopes: string[],
  world: World,
  nonce?: string,
): Promise<Record<string, unknown>> {
  const { value } = world.grants.addToken({
    value: opaqueText('ya29.a0Af', 180),
    kind: 'access',
    grantId: grant.id,
    scopes,
    ttlSeconds: ACCESS_TTL_SECONDS,
  });
  return {
    access_token: value,
    expires_in: ACCESS_TTL_SECONDS,
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...(scopes.includes('openid') && { id_token: await signIdToken(grant, { scopes, nonce }, world.clock.now()) }),
  };
}

function makeRoomForRefreshToken(grant: Grant, world: World): void {
  const living = world.grants.listLive(grant.id, 'refresh');
  for (const token of living.slice(0, Math.max(0, living.length + 1 - world.settings.googleRefreshTokens))) {
    world.grants.revokeToken(token);
  }
}

function isIdle(token: Token, world: World): boolean {
  return world.clock.nowMs() - token.usedAt > REFRESH_IDLE_MS;
}

const NO_STORE = { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache' };

function refuse(status: number, error: string, description: string): WireAnswer {
  return { status, headers: NO_STORE, body: { error, error_description: description } };
}
