import { GraphError, missingObject } from '#simulator/meta/graph-error.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueAlphanumerics } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findTokenProblem, unreadableToken } from './authenticate.js';

const SHORT_TTL_SECONDS = 5_183;
const LONG_TTL_SECONDS = 5_183_944;

/** Answers GET /oauth/access_token: a short-lived token for a code, a long-lived one for a valid token. */
export function answerAccessToken(request: WireRequest, world: World): WireAnswer {
  if (request.method !== 'GET') throw missingObject('oauth', request.method.toLowerCase());
  const client = getClient(request.query, world);
  const grantType = request.query.get('grant_type');
  if (grantType === 'client_credentials')
    return { status: 200, body: { access_token: `${client.id}|${client.secret}`, token_type: 'bearer' } };
  if (grantType === 'fb_exchange_token') return exchangeToken(request.query, client, world);
  if (grantType !== null && grantType !== 'authorization_code')
    throw new GraphError(`Invalid grant_type: ${grantType}`, { code: 1 });
  return exchangeCode(request.query, client, world);
}

function getClient(query: URLSearchParams, world: World): OAuthClient {
  if (!query.get('client_id')) throw new GraphError('Missing client_id parameter.', { code: 101 });
  const client = world.clients.find(query.get('client_id'));
  if (!client)
    throw new GraphError('Error validating application. Cannot get application info due to a system error.', {
      code: 101,
    });
  if (!query.get('client_secret')) throw new GraphError('Missing client_secret parameter.', { code: 1 });
  if (!world.clients.hasSecret(client, query.get('client_secret')))
    throw new GraphError('Error validating client secret.', { code: 1 });
  return client;
}

function exchangeCode(query: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  const { grants } = world;
  if (!query.get('redirect_uri')) throw new GraphError('Missing redirect_uri parameter.', { code: 191 });
  if (!query.get('code')) throw new GraphError('Missing authorization code', { code: 1 });
  const code = grants.findCode(query.get('code') ?? '');
  const grant = code && grants.grantOf(code);
  if (!code || grant?.provider !== 'meta' || grant.clientId !== client.id) {
    throw new GraphError('Invalid verification code format.', { code: 100 });
  }
  if (code.usedAt !== null)
    throw new GraphError('This authorization code has been used.', { code: 100, subcode: 36009 });
  if (grants.isExpired(code))
    throw new GraphError('This authorization code has expired.', { code: 100, subcode: 36007 });
  if (query.get('redirect_uri') !== code.redirectUri) {
    throw new GraphError(
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
      { code: 100, subcode: 36008 },
    );
  }
  grants.useCode(code);
  return issue(grant.id, code.scopes, SHORT_TTL_SECONDS, world);
}

function exchangeToken(query: URLSearchParams, client: OAuthClient, world: World): WireAnswer {
  const value = query.get('fb_exchange_token');
  if (!value) throw new GraphError('Missing fb_exchange_token parameter.', { code: 1 });
  const token = world.grants.findToken(value, 'access');
  const grant = token && world.grants.grantOf(token);
  if (!token || grant?.provider !== 'meta' || grant.clientId !== client.id) throw unreadableToken(400);
  const problem = findTokenProblem(token, world, 400);
  if (problem) throw problem;
  return issue(grant.id, token.scopes, LONG_TTL_SECONDS, world);
}

function issue(grantId: string, scopes: string[], ttlSeconds: number, world: World): WireAnswer {
  const { value } = world.grants.addToken({
    value: opaqueAlphanumerics('EAAB', 176),
    kind: 'access',
    grantId,
    scopes,
    ttlSeconds,
  });
  return { status: 200, body: { access_token: value, token_type: 'bearer', expires_in: ttlSeconds } };
}
