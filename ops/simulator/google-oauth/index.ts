import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerAuthorize } from './authorize.js';
import { answerDiscovery } from './discovery.js';
import { certificates, publicKeys } from './id-token.js';
import { answerToken } from './token.js';
import { answerRevoke, answerTokenInfo, answerUserInfo } from './token-facts.js';

const routes: Record<string, (request: WireRequest, world: World) => WireAnswer | Promise<WireAnswer>> = {
  'GET accounts.google.com/o/oauth2/v2/auth': answerAuthorize,
  'POST accounts.google.com/o/oauth2/v2/auth': answerAuthorize,
  // The address in the client_secret.json that the Cloud console hands out.
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

/** Consent, tokens and identity for every Google API. */
export const googleOauth: SimulatedProvider = {
  id: 'google-oauth',
  hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com'],
  // Other Google APIs live on www.googleapis.com, too.
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
