import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerAuthorize } from './authorize.js';
import { OAuthError } from './oauth-error.js';
import { answerRevoke, answerToken } from './token.js';

const routes: Record<string, (request: WireRequest, world: World) => WireAnswer> = {
  'GET x.com/i/oauth2/authorize': answerAuthorize,
  'POST x.com/i/oauth2/authorize': answerAuthorize,
  'GET api.x.com/2/oauth2/authorize': answerAuthorize,
  'POST api.x.com/2/oauth2/authorize': answerAuthorize,
  'POST api.x.com/2/oauth2/token': answerToken,
  'POST api.x.com/2/oauth2/revoke': answerRevoke,
};

/** Answers calls for consent or tokens, errors included. */
export function answerOauth(request: WireRequest, world: World): WireAnswer {
  const host = request.host.replace(/twitter\.com$/, 'x.com');
  const route = routes[`${request.method} ${host}${request.path}`];
  if (!route) return { status: 404, body: { error: 'not_found', error_description: 'Not Found' } };
  try {
    return route(request, world);
  } catch (error) {
    if (error instanceof OAuthError) return error.answer();
    throw error;
  }
}

const FAULTS: Record<number, { error: string; error_description: string }> = {
  400: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
  401: { error: 'unauthorized_client', error_description: 'Missing valid authorization header' },
  403: { error: 'access_denied', error_description: 'Forbidden' },
  429: { error: 'too_many_requests', error_description: 'Too Many Requests' },
};

/** Returns the token endpoints' error for an injected fault. */
export function oauthFault(status: number): WireAnswer {
  return {
    status,
    body: FAULTS[status] ?? { error: 'server_error', error_description: 'Service temporarily unavailable' },
  };
}
