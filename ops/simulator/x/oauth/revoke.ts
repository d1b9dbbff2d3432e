import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { clientOf } from './client-of.js';
import { invalidValue, OAuthRefusal } from './oauth-refusal.js';
import { tokenFields } from './token-fields.js';

/** Answers POST /2/oauth2/revoke: a refresh token takes the whole grant with it, an access token only itself (RFC 7009 §2.1). */
export function answerRevoke(request: WireRequest, world: World): WireAnswer {
  const { grants } = world;
  const form = tokenFields(request);
  const client = clientOf(request, form, world);
  const value = form.get('token');
  if (!value) throw new OAuthRefusal(400, 'invalid_request', 'Missing required parameter [token].');
  const token = grants.findToken(value, 'refresh') ?? grants.findToken(value, 'access');
  const grant = token && grants.grantOf(token);
  if (!token || grant?.provider !== 'x' || grant.clientId !== client.id) throw invalidValue('token');
  if (!grants.isRevoked(token)) {
    if (token.kind === 'refresh') grants.revoke(grant);
    else grants.revokeToken(token);
  }
  return { status: 200, body: { revoked: true } };
}
