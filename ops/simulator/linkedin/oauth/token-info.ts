import { accessDenied } from '#simulator/linkedin/linkedin-error.js';
import type { Token } from '#simulator/oauth/grants.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { authenticate } from './authenticate.js';
import { readClient, refuse } from './oauth-client.js';

/** Answers POST /oauth/v2/revoke: any token revokes its whole consent. */
export function answerRevoke(request: WireRequest, world: World): WireAnswer {
  if (!world.settings.linkedinRevocation) return { status: 404, body: 'Not Found' };
  const requested = readTokenRequest(request, world);
  if ('status' in requested) return requested;
  const { token } = requested;
  // RFC 7009 §2.2: revoking an invalid token succeeds.
  if (token && !world.grants.isRevoked(token)) world.grants.revoke(world.grants.grantOf(token));
  return { status: 200, body: {} };
}

/**
 * Answers POST /oauth/v2/introspectToken:
 * https://learn.microsoft.com/en-us/linkedin/shared/authentication/token-introspection
 */
export function answerIntrospect(request: WireRequest, world: World): WireAnswer {
  const requested = readTokenRequest(request, world);
  if ('status' in requested) return requested;
  const { client, token } = requested;
  if (!token) return { status: 200, body: { active: false } };
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const status = statusOf(token, world);
  return {
    status: 200,
    body: {
      active: status === 'active',
      client_id: client.id,
      authorized_at: seconds(world.grants.grantOf(token).createdAt),
      created_at: seconds(token.issuedAt),
      status,
      expires_at: seconds(token.expiresAt ?? 0),
      scope: token.scopes.join(','),
      auth_type: '3L',
    },
  };
}

function readTokenRequest(
  request: WireRequest,
  world: World,
): { client: OAuthClient; token: Token | undefined } | WireAnswer {
  const form = formOf(request);
  const client = readClient(form, world);
  if ('status' in client) return client;
  const value = form.get('token');
  if (!value) return refuse(400, 'invalid_request', 'A required parameter "token" is missing');
  const token = world.grants.findToken(value, 'access') ?? world.grants.findToken(value, 'refresh');
  const grant = token && world.grants.grantOf(token);
  return { client, token: grant?.provider === 'linkedin' && grant.clientId === client.id ? token : undefined };
}

function statusOf(token: Token, world: World): 'active' | 'expired' | 'revoked' {
  if (world.grants.isRevoked(token)) return 'revoked';
  return world.grants.isExpired(token) ? 'expired' : 'active';
}

/**
 * Returns the member within the scopes:
 * https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
 */
export function readUserInfo(request: WireRequest, world: World): Record<string, unknown> {
  const { token, person } = authenticate(request, world);
  if (!token.scopes.includes('openid')) throw accessDenied('userinfo.GET.NO_VERSION', '');
  return {
    sub: person.linkedinId,
    ...(token.scopes.includes('profile') && {
      name: `${person.givenName} ${person.familyName}`,
      given_name: person.givenName,
      family_name: person.familyName,
      picture: `${request.base}/media/${person.linkedinId}.jpg`,
      locale: 'en-US',
    }),
    ...(token.scopes.includes('email') && { email: person.email, email_verified: true }),
  };
}
