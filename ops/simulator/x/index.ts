import type { SimulatedProvider } from '../provider.js';
import { answerApi, apiFault } from './api.js';
import { answerOauth, oauthFault } from './oauth.js';

const CONSENT_HOST = 'x.com';
const API_HOST = 'api.x.com';

/** Consent and tokens; they share a host with the API. */
export const xOauth: SimulatedProvider = {
  id: 'x-oauth',
  hosts: [CONSENT_HOST, API_HOST],
  claims: (request) => request.host === CONSENT_HOST || request.path.startsWith('/2/oauth2/'),
  answer: answerOauth,
  errorFor: oauthFault,
};

/** The X API, version 2: https://docs.x.com/x-api */
export const x: SimulatedProvider = {
  id: 'x',
  hosts: [API_HOST],
  answer: answerApi,
  errorFor: (status, _request, world) => apiFault(status, world),
};
