import type { Grant } from '#simulator/oauth/grants.js';
import { basicCredentials, type OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { proves } from './challenge.js';
import { invalidValue, OAuthError } from './oauth-error.js';
import { OFFLINE_SCOPE } from './scopes.js';

const ACCESS_TTL_SECONDS = 7_200;

/** Answers POST /2/oauth2/token: code exchange and refresh, which rotates the token. */
export function answerToken(request: WireRequest, world: World): WireAnswer {
  const form = tokenFields(request);
  const grantType = form.get('grant_type');
  if (!grantType) throw new OAuthError(400, 'invalid_request', 'Missing required parameter [grant_type].');
  const client = clientOf(request, form, world);
  if (grantType === 'authorization_code') return exchange(form, client, world);
  if (grantType === 'refresh_token') return refresh(form, client, world);
  throw new OAuthError(400, 'unsupported_grant_type', `Value passed for the grant type [${grantType}] is not known.`);
}

function exchange(form: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  const { grants } = world;
  for (const name of ['code', 'redirect_uri', 'code_verifier']) requireField(form, name);
  const code = grants.findCode(form.get('code') ?? '');
  const grant = code && grants.grantOf(code);
  const isGood =
    code?.usedAt === null &&
    !grants.isExpired(code) &&
    grant?.provider === 'x' &&
    grant.clientId === client.id &&
    grant.revokedAt === null;
  if (!code || !grant || !isGood) throw invalidValue('authorization code');
  if (form.get('redirect_uri') !== code.redirectUri) throw invalidValue('redirect uri');
  if (!proves(form.get('code_verifier'), code.challenge))
    throw new OAuthError(400, 'invalid_request', 'Value passed for code verifier did not match code challenge.');
  grants.useCode(code);
  return issue(grant, code.scopes, world);
}

function refresh(form: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  requireField(form, 'refresh_token');
  const token = world.grants.findToken(form.get('refresh_token') ?? '', 'refresh');
  const grant = token && world.grants.grantOf(token);
  if (!token || grant?.provider !== 'x' || grant.clientId !== client.id || world.grants.isRevoked(token))
    throw invalidValue('token');
  world.grants.useToken(token);
  world.grants.revokeToken(token);
  return issue(grant, token.scopes, world);
}

function issue(grant: Grant, scopes: string[], world: World): WireAnswer {
  const add = (kind: 'access' | 'refresh', ttlSeconds: number | null) =>
    world.grants.addToken({ value: opaqueText('', 91), kind, grantId: grant.id, scopes, ttlSeconds }).value;
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      token_type: 'bearer',
      expires_in: ACCESS_TTL_SECONDS,
      access_token: add('access', ACCESS_TTL_SECONDS),
      scope: scopes.join(' '),
      ...(scopes.includes(OFFLINE_SCOPE) && { refresh_token: add('refresh', null) }),
    },
  };
}

function requireField(form: URLSearchParams, name: string): void {
  if (!form.get(name)) throw new OAuthError(400, 'invalid_request', `Missing required parameter [${name}].`);
}

/** Returns the calling app. Confidential clients must use HTTP Basic, not a secret in the body. */
export function clientOf(request: WireRequest, form: URLSearchParams, world: World): OAuthClient {
  const [id, secret] = basicCredentials(request.headers.authorization);
  const client = world.clients.find(id);
  if (!client || !world.clients.hasSecret(client, secret))
    throw new OAuthError(401, 'unauthorized_client', 'Missing valid authorization header');
  if (form.has('client_id') && form.get('client_id') !== client.id)
    throw new OAuthError(400, 'invalid_request', 'Value passed for the client id was invalid.');
  return client;
}

/** Returns the fields of a form, or of JSON, as a widely used library sends it. */
export function tokenFields(request: WireRequest): URLSearchParams {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return formOf(request);
  try {
    const fields = Object.entries(JSON.parse(request.body) as Record<string, unknown>);
    return new URLSearchParams(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
  } catch {
    return new URLSearchParams();
  }
}

/** Answers POST /2/oauth2/revoke: a refresh token revokes the grant, an access token itself only (RFC 7009 §2.1). */
export function answerRevoke(request: WireRequest, world: World): WireAnswer {
  const { grants } = world;
  const form = tokenFields(request);
  const client = clientOf(request, form, world);
  const value = form.get('token');
  if (!value) throw new OAuthError(400, 'invalid_request', 'Missing required parameter [token].');
  const token = grants.findToken(value, 'refresh') ?? grants.findToken(value, 'access');
  const grant = token && grants.grantOf(token);
  if (!token || grant?.provider !== 'x' || grant.clientId !== client.id) throw invalidValue('token');
  if (!grants.isRevoked(token)) {
    if (token.kind === 'refresh') grants.revoke(grant);
    else grants.revokeToken(token);
  }
  return { status: 200, body: { revoked: true } };
}
