import { createHash, X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importX509, jwtVerify } from 'jose';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  call,
  connectGoogle,
  connectLinkedin,
  connectMeta,
  giveConsent,
  graph,
  linkedinOauth,
  linkedinRest,
  metaDialogUrl,
  NOW,
  postJson,
  REDIRECT_URI,
  startForTests,
} from './client-for-tests.js';
import type { Simulator } from './index.js';
import { authorizeUrl, CHALLENGE, connect as connectX, consentCode, VERIFIER } from './x/client-for-tests.js';

// What providers' own libraries and those of other people do beyond the letter of the documents, found by running them.

const BASIC = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;
const MANAGER = '4815162342';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startForTests();
});
afterAll(() => simulator.close());

function askAs(host: string, path: string, headers: Record<string, string> = {}): Promise<any> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${simulator.url}${path}`, { headers: { host, ...headers } }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(JSON.parse(text));
    });
    request.on('error', reject).end();
  });
}

describe('the addresses in answers', () => {
  it.each([
    ['graph.facebook.com', {}, 'https://graph.facebook.com/'],
    ['graph.facebook.com:8090', {}, 'http://graph.facebook.com:8090/'],
    ['graph.facebook.com:8443', { 'x-forwarded-proto': 'https' }, 'https://graph.facebook.com:8443/'],
  ] as [string, Record<string, string>, string][])(
    'lead back to where a request to %s with %j came',
    async (host, headers, start) => {
      const authorization = `Bearer ${await connectMeta(simulator)}`;
      const answer = await askAs(host, '/v26.0/me/adaccounts?limit=1', { authorization, ...headers });
      expect(answer.paging.next.slice(0, start.length)).toBe(start);
    },
  );
});

describe("Google's libraries", () => {
  it('check id tokens against certificates', async () => {
    const { id_token } = await connectGoogle(simulator);
    const { body } = await call(`${simulator.url}/www.googleapis.com/oauth2/v1/certs`);
    const [[keyId, pem]] = Object.entries(body) as [[string, string]];
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const { payload, protectedHeader } = await jwtVerify(id_token, await importX509(pem, 'RS256'), {
      currentDate: NOW,
    });
    expect([payload.aud, protectedHeader.kid]).toEqual([CLIENT_ID, keyId]);
  });

  it('ask about a token with the token in a header', async () => {
    const { access_token } = await connectGoogle(simulator);
    const init = { method: 'POST', headers: { authorization: `Bearer ${access_token}` } };
    expect((await call(`${simulator.url}/oauth2.googleapis.com/tokeninfo`, init)).body.aud).toBe(CLIENT_ID);
  });

  it('start at the address of client_secret.json', async () => {
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
    });
    const callback = await giveConsent(`${simulator.url}/accounts.google.com/o/oauth2/auth?${query}`);
    expect(callback.searchParams.get('code')).toMatch(/^4\//);
  });

  it('name a system parameter in either way', async () => {
    const { access_token } = await connectGoogle(simulator, 'nora', {
      scope: 'https://www.googleapis.com/auth/analytics.readonly',
    });
    const url = `${simulator.url}/analyticsadmin.googleapis.com/v1beta/accountSummaries?$alt=json%3Benum-encoding=int`;
    expect((await call(url, { headers: { authorization: `Bearer ${access_token}` } })).status).toBe(200);
  });

  it('write fields by their original names', async () => {
    const { access_token } = await connectGoogle(simulator);
    const url = `${simulator.url}/googleads.googleapis.com/v25/customers/${MANAGER}/googleAds:search`;
    const body = { query: 'SELECT customer.id FROM customer', search_settings: { return_total_results_count: true } };
    const answer = await postJson(url, body, { authorization: `Bearer ${access_token}`, 'login-customer-id': MANAGER });
    expect([answer.status, answer.body.totalResultsCount]).toEqual([200, '1']);
  });

  it('inspect pages of a whole domain', async () => {
    const { access_token } = await connectGoogle(simulator, 'nora', {
      scope: 'https://www.googleapis.com/auth/webmasters.readonly',
    });
    const inspect = async (inspectionUrl: string) =>
      (
        await postJson(
          `${simulator.url}/searchconsole.googleapis.com/v1/urlInspection/index:inspect`,
          { inspectionUrl, siteUrl: 'sc-domain:northwind.example' },
          { authorization: `Bearer ${access_token}` },
        )
      ).status;
    expect(await inspect('https://northwind.example/')).toBe(200);
    expect(await inspect('http://shop.northwind.example/tent/')).toBe(200);
    expect(await inspect('https://southwind.example/')).toBe(400);
    expect(await inspect('https://notnorthwind.example/')).toBe(400);
  });
});

describe("Meta's libraries", () => {
  it('call the version before the last two', async () => {
    const token = await connectMeta(simulator);
    const url = `${simulator.url}/graph.facebook.com/v24.0/me/adaccounts?access_token=${token}`;
    expect((await call(url)).status).toBe(200);
    expect((await call(url.replace('v24.0', 'v23.0'))).body.error.code).toBe(2635);
  });

  it('leave out that they want a code', async () => {
    const url = new URL(metaDialogUrl(simulator));
    url.searchParams.delete('response_type');
    const code = (await giveConsent(url.href)).searchParams.get('code') ?? '';
    const parameters = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uri: REDIRECT_URI, code };
    expect((await graph(simulator, 'oauth/access_token', parameters)).body).toHaveProperty('access_token');
  });
});

describe("LinkedIn's library", () => {
  it('separates scopes by commas', async () => {
    const { access_token } = await connectLinkedin(simulator, 'nora', { scope: 'r_ads,r_ads_reporting' });
    const { body } = await linkedinOauth(simulator, 'introspectToken', { token: access_token });
    expect(body.scope.split(/[ ,]/)).toEqual(['r_ads', 'r_ads_reporting']);
    expect((await linkedinRest(simulator, 'adAccounts?q=search', access_token)).status).toBe(200);
  });
});

describe('libraries for X', () => {
  it('call S256 s256, and send the fields of a token call as JSON', async () => {
    const code = await consentCode(simulator, 'nora', { code_challenge: CHALLENGE, code_challenge_method: 's256' });
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
    const answer = await postJson(`${simulator.url}/api.x.com/2/oauth2/token`, fields, { authorization: BASIC });
    expect([answer.status, answer.body.token_type]).toEqual([200, 'bearer']);
    expect((await call(authorizeUrl(simulator, { code_challenge_method: 'S512' }))).status).toBe(400);
  });

  it('make verifiers longer than the standard allows', async () => {
    const verifier = 'v'.repeat(171);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = await consentCode(simulator, 'nora', { code_challenge });
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier };
    const answer = await postJson(`${simulator.url}/api.x.com/2/oauth2/token`, fields, { authorization: BASIC });
    expect(answer.status).toBe(200);
  });

  it('go by the old names', async () => {
    const { access_token } = await connectX(simulator);
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await call(`${simulator.url}/api.twitter.com/2/users/me`, { headers })).status).toBe(200);
    const url = authorizeUrl(simulator).replace('/x.com/', '/twitter.com/');
    expect((await giveConsent(url)).searchParams.get('code')).toMatch(/^\S{91}$/);
  });
});
