import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { faultError } from './linkedin-error.js';
import { answerAccessToken } from './oauth/access-token.js';
import { answerAuthorization } from './oauth/authorize.js';
import { answerIntrospect, answerRevoke } from './oauth/token-info.js';
import { answerApi, withHeaders } from './rest.js';

const oauthRoutes: Record<string, (request: WireRequest, world: World) => WireAnswer> = {
  'GET /oauth/v2/authorization': answerAuthorization,
  'POST /oauth/v2/authorization': answerAuthorization,
  'POST /oauth/v2/accessToken': answerAccessToken,
  'POST /oauth/v2/revoke': answerRevoke,
  'POST /oauth/v2/introspectToken': answerIntrospect,
};

const OAUTH_FAULTS: Record<number, { error: string; error_description: string }> = {
  400: {
    error: 'invalid_grant',
    error_description: 'The provided authorization grant or refresh token is invalid, expired or revoked.',
  },
  401: { error: 'invalid_client', error_description: 'Client authentication failed' },
  403: { error: 'access_denied', error_description: 'Member is restricted' },
  429: { error: 'too_many_requests', error_description: 'Throttle limit for calls to this resource is reached.' },
};
const OAUTH_FAILURE = { error: 'server_error', error_description: 'Internal server error' };

export const linkedinOauth: SimulatedProvider = {
  id: 'linkedin-oauth',
  hosts: ['www.linkedin.com'],
  answer(request, world) {
    const route = oauthRoutes[`${request.method} ${request.path}`];
    return route ? route(request, world) : { status: 404, body: 'Not Found' };
  },
  errorFor: (status) => ({ status, body: OAUTH_FAULTS[status] ?? OAUTH_FAILURE }),
};

/** Marketing API and identity: https://learn.microsoft.com/en-us/linkedin/marketing */
export const linkedin: SimulatedProvider = {
  id: 'linkedin',
  hosts: ['api.linkedin.com'],
  answer: answerApi,
  errorFor: (status, request) => withHeaders(faultError(status, request.method, request.path).answer()),
};
