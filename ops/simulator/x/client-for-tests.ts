import { createHash } from 'node:crypto';
import { type Answer, CLIENT_ID, CLIENT_SECRET, call, giveConsent, REDIRECT_URI } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const NORA = '1346889436626259969';
const BASIC = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;

export function authorizeUrl(simulator: Simulator, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: 'tweet.read users.read offline.access',
    state: 's1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...parameters,
  });
  return `${simulator.url}/x.com/i/oauth2/authorize?${query}`;
}

/** Posts a form to the token endpoints, by default with the app's credentials in the header. */
export function postOauth(
  simulator: Simulator,
  path: 'token' | 'revoke',
  fields: Record<string, string>,
  headers: Record<string, string> = { authorization: BASIC },
): Promise<Answer> {
  const body = new URLSearchParams(fields);
  return call(`${simulator.url}/api.x.com/2/oauth2/${path}`, { method: 'POST', body, headers });
}

export function exchangeCode(
  simulator: Simulator,
  code: string,
  fields: Record<string, string> = {},
  headers?: Record<string, string>,
): Promise<Answer> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  return postOauth(simulator, 'token', { ...form, ...fields }, headers);
}

export function refresh(simulator: Simulator, refresh_token: string): Promise<Answer> {
  return postOauth(simulator, 'token', { grant_type: 'refresh_token', refresh_token });
}

export async function consentCode(
  simulator: Simulator,
  person = 'nora',
  parameters: Record<string, string> = {},
  form: Record<string, string> = {},
): Promise<string> {
  const callback = await giveConsent(authorizeUrl(simulator, parameters), { decision: 'allow', person, ...form });
  return callback.searchParams.get('code') ?? '';
}

/** Connects a person and returns the token answer. */
export async function connect(simulator: Simulator, person = 'nora', parameters: Record<string, string> = {}) {
  return (await exchangeCode(simulator, await consentCode(simulator, person, parameters))).body;
}

export function api(simulator: Simulator, token: string, path: string, parameters: Record<string, string> = {}) {
  const query = Object.keys(parameters).length > 0 ? `?${new URLSearchParams(parameters)}` : '';
  return call(`${simulator.url}/api.x.com/2/${path}${query}`, { headers: { authorization: `Bearer ${token}` } });
}
