import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerAuthorize } from './authorize.js';
import { certificates, publicKeys } from './id-token.js';
import { answerToken } from './token.js';
import { answerRevoke, answerTokenInfo, answerUserInfo } from './token-info.js';

const routes: Record<string, (request: WireRequest, world: World) => WireAnswer | Promise<WireAnswer>> = {
  'GET accounts.google.com/o/oauth2/v2/auth': answerAuthorize,
  'POST accounts.google.com/o/oauth2/v2/auth': answerAuthorize,
  // From the Cloud console's client_secret.json.
  'GET accounts.google.com/o/oauth2/auth': answerAuthorize,
  'POST accounts.google.com/o/oauth2/auth': answerAuthorize,
  'POST oauth2.googleapis.com/token': answerToken,
  'POST www.googleapis.com/oauth2/v4/token': answerToken,
  'POST oauth2.googleapis.com/revoke': answerRevoke,
  'GET oauth2.googleapis.com/tokeninfo': answerTokenInfo,
  'POST oauth2.googleapis.com/tokeninfo': answerTokenInfo,
  'GET accounts.google.com/.well-known/openid-configuration': answerDiscovery,
  'GET www.googleapis.com/oauth2/v2/userinfo': answerUserInfo,
  'GET www.googleapis.com/oauth2/v1/certs': async () => ({ status: 200, body: await certificates() }),
  'GET www.googleapis.com/oauth2/v3/certs': async () => ({ status: 200, body: await publicKeys() }),
};

const FAULTS: Record<number, { error: string; error_description: string }> = {
  400: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
  401: { error: 'invalid_client', error_description: 'Unauthorized' },
  403: { error: 'access_denied', error_description: 'Account restricted' },
  429: { error: 'rate_limit_exceeded', error_description: 'Rate Limit Exceeded' },
  500: { error: 'internal_failure', error_description: 'Backend Error' },
  503: { error: 'temporarily_unavailable', error_description: 'The service is currently unavailable.' },
};

export const googleOauth: SimulatedProvider = {
  id: 'google-oauth',
  hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com'],
  // Other Google APIs share www.googleapis.com.
  claims: (request) => request.host !== 'www.googleapis.com' || request.path.startsWith('/oauth2/'),
  answer(request, world) {
    const route = routes[`${request.method} ${request.host}${request.path}`];
    return route ? route(request, world) : { status: 404, body: { error: 'not_found' } };
  },
  errorFor: (status) => ({
    status,
    body: FAULTS[status] ?? { error: 'internal_failure', error_description: 'Backend Error' },
  }),
};

/**
 * Answers GET /.well-known/openid-configuration with Google's own issuer:
 * https://developers.google.com/identity/openid-connect/openid-connect#discovery
 */
function answerDiscovery({ base, host }: WireRequest): WireAnswer {
  const at = (otherHost: string, path: string) => `${base.replace(host, otherHost)}${path}`;
  return {
    status: 200,
    body: {
      issuer: 'https://accounts.google.com',
      authorization_endpoint: at('accounts.google.com', '/o/oauth2/v2/auth'),
      token_endpoint: at('oauth2.googleapis.com', '/token'),
      revocation_endpoint: at('oauth2.googleapis.com', '/revoke'),
      jwks_uri: at('www.googleapis.com', '/oauth2/v3/certs'),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'email', 'profile'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['plain', 'S256'],
    },
  };
}
