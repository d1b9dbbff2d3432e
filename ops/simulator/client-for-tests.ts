import { type Simulator, type SimulatorOptions, startSimulator } from './index.js';

export const CLIENT_ID = 'webmetrics-simulator';
export const CLIENT_SECRET = 'webmetrics-simulator-secret';
export const REDIRECT_URI = 'http://localhost:4000/oauth/callback';
export const ADWORDS = 'https://www.googleapis.com/auth/adwords';
export const NOW = new Date('2026-11-20T12:00:00Z');

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  body: any;
}

/** Starts a quiet simulator whose clock stands still at NOW. */
export function startForTests(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({ now: () => NOW, quiet: true, ...options });
}

/** Sends a request and parses a JSON answer; follows no redirects. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Whether an answer says that the simulator does not simulate this, and nothing in a provider's words. */
export function isNotSimulated({ status, body }: Answer): boolean {
  return status === 501 && Object.keys(body).join() === 'simulator' && /^Not simulated: /.test(body.simulator);
}

export function postForm(url: string, fields: Record<string, string>): Promise<Answer> {
  return call(url, { method: 'POST', body: new URLSearchParams(fields) });
}

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export function admin(simulator: Simulator, path: string, body?: unknown): Promise<Answer> {
  const url = `${simulator.url}/_simulator/${path}`;
  return body === undefined ? call(url) : postJson(url, body);
}

/** Returns the redirect address after consent. */
export async function giveConsent(
  authorizeUrl: string,
  form: Record<string, string> = { decision: 'allow' },
): Promise<URL> {
  const answer = await postForm(authorizeUrl, form);
  if (answer.status !== 302) throw new Error(`No consent: ${answer.status} ${answer.body}`);
  return new URL(answer.headers.get('location') ?? '');
}

export function googleAuthorizeUrl(simulator: Simulator, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: `openid email ${ADWORDS}`,
    state: 's1',
    access_type: 'offline',
    prompt: 'consent',
    ...parameters,
  });
  return `${simulator.url}/accounts.google.com/o/oauth2/v2/auth?${query}`;
}

export function googleToken(simulator: Simulator, fields: Record<string, string>): Promise<Answer> {
  return postForm(`${simulator.url}/oauth2.googleapis.com/token`, {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    ...fields,
  });
}

export function exchangeGoogleCode(
  simulator: Simulator,
  code: string,
  fields: Record<string, string> = {},
): Promise<Answer> {
  return googleToken(simulator, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...fields });
}

/** Connects a person at Google and returns the token answer. */
export async function connectGoogle(simulator: Simulator, person = 'nora', parameters: Record<string, string> = {}) {
  const callback = await giveConsent(googleAuthorizeUrl(simulator, parameters), { decision: 'allow', person });
  return (await exchangeGoogleCode(simulator, callback.searchParams.get('code') ?? '')).body;
}

export function metaDialogUrl(simulator: Simulator, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'ads_read,email',
    state: 's1',
    ...parameters,
  });
  return `${simulator.url}/www.facebook.com/v26.0/dialog/oauth?${query}`;
}

/** Calls the Graph API with query parameters. */
export function graph(
  simulator: Simulator,
  path: string,
  parameters: Record<string, string> = {},
  init: RequestInit = {},
): Promise<Answer> {
  return call(`${simulator.url}/graph.facebook.com/v26.0/${path}?${new URLSearchParams(parameters)}`, init);
}

export function metaAccessToken(simulator: Simulator, parameters: Record<string, string>): Promise<Answer> {
  return graph(simulator, 'oauth/access_token', { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...parameters });
}

/** Connects a person at Meta and returns the access token. */
export async function connectMeta(
  simulator: Simulator,
  person = 'nora',
  parameters: Record<string, string> = {},
): Promise<string> {
  const callback = await giveConsent(metaDialogUrl(simulator, parameters), { decision: 'allow', person });
  const answer = await metaAccessToken(simulator, {
    redirect_uri: REDIRECT_URI,
    code: callback.searchParams.get('code') ?? '',
  });
  return answer.body.access_token;
}

export function linkedinAuthorizeUrl(simulator: Simulator, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid profile email r_ads r_ads_reporting',
    state: 's1',
    ...parameters,
  });
  return `${simulator.url}/www.linkedin.com/oauth/v2/authorization?${query}`;
}

/** Posts to one of LinkedIn's token addresses: accessToken, revoke or introspectToken. */
export function linkedinOauth(simulator: Simulator, address: string, fields: Record<string, string>): Promise<Answer> {
  return postForm(`${simulator.url}/www.linkedin.com/oauth/v2/${address}`, {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    ...fields,
  });
}

/** Connects a person at LinkedIn and returns the token answer. */
export async function connectLinkedin(simulator: Simulator, person = 'nora', parameters: Record<string, string> = {}) {
  const callback = await giveConsent(linkedinAuthorizeUrl(simulator, parameters), { decision: 'allow', person });
  const answer = await linkedinOauth(simulator, 'accessToken', {
    grant_type: 'authorization_code',
    redirect_uri: REDIRECT_URI,
    code: callback.searchParams.get('code') ?? '',
  });
  return answer.body;
}

/** Calls LinkedIn's versioned API with the required headers; `path` carries its encoded query. */
export function linkedinRest(
  simulator: Simulator,
  path: string,
  token: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return call(`${simulator.url}/api.linkedin.com/rest/${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      'linkedin-version': '202607',
      'x-restli-protocol-version': '2.0.0',
      ...headers,
    },
    ...(body !== undefined && { method: 'POST', body }),
  });
}

/** Packs requests (method, path, optional JSON body) into one multipart batch. */
export async function googleBatch(
  url: string,
  token: string,
  requests: { method: string; path: string; body?: unknown }[],
): Promise<{ status: number; parts: { id: string; status: number; body: Answer['body'] }[]; text: string }> {
  const parts = requests.map(({ method, path, body }, n) =>
    [
      '--b',
      'Content-Type: application/http',
      `Content-ID: <item${n + 1}>`,
      '',
      `${method} ${path} HTTP/1.1`,
      ...(body === undefined ? [''] : ['Content-Type: application/json', '', JSON.stringify(body)]),
      '',
    ].join('\r\n'),
  );
  const answer = await call(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/mixed; boundary=b' },
    body: `${parts.join('')}--b--`,
  });
  if (answer.status !== 200) return { status: answer.status, parts: [], text: JSON.stringify(answer.body) };
  const boundary = /boundary=(\S+)/.exec(answer.headers.get('content-type') ?? '')?.[1];
  const pieces = (answer.body as string).split(`--${boundary}`).slice(1, -1);
  return {
    status: 200,
    text: answer.body,
    parts: pieces.map((piece) => ({
      id: /Content-ID: (\S+)/.exec(piece)?.[1] ?? '',
      status: Number(/HTTP\/1\.1 (\d+)/.exec(piece)?.[1]),
      body: JSON.parse(piece.slice(piece.indexOf('{'))),
    })),
  };
}
