import type { SimulatedProvider } from '#simulator/provider.js';
import { answerApi, apiFault } from './api.js';
import { answerOauth, oauthFault } from './oauth/oauth.js';

// Each with its old name, which answers as well and is what tweepy calls.
const CONSENT_HOSTS = ['x.com', 'twitter.com'];
const API_HOSTS = ['api.x.com', 'api.twitter.com'];

/** Consent and tokens; they share a host with the API. */
export const xOauth: SimulatedProvider = {
  id: 'x-oauth',
  hosts: [...CONSENT_HOSTS, ...API_HOSTS],
  claims: (request) => CONSENT_HOSTS.includes(request.host) || request.path.startsWith('/2/oauth2/'),
  answer: answerOauth,
  errorFor: oauthFault,
};

/** The X API, version 2: https://docs.x.com/x-api */
export const x: SimulatedProvider = {
  id: 'x',
  hosts: API_HOSTS,
  answer: answerApi,
  errorFor: (status, _request, world) => apiFault(status, world),
};
