import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, call, connectGoogle, connectMeta, googleToken, graph, startForTests } from './client-for-tests.js';
import type { Simulator } from './index.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startForTests();
});
afterEach(() => simulator.close());

describe('faults', () => {
  const list = (token: string) =>
    call(`${simulator.url}/googleads.googleapis.com/v25/customers:listAccessibleCustomers`, {
      headers: { authorization: `Bearer ${token}` },
    });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [429, 'RESOURCE_EXHAUSTED'],
    [500, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
  ])('answer %i as Google Ads would, once', async (status, name) => {
    const { access_token } = await connectGoogle(simulator);
    await admin(simulator, 'faults', { provider: 'google-ads', kind: 'status', status });
    const broken = await list(access_token);
    expect([broken.status, broken.body.error.code, broken.body.error.status]).toEqual([status, status, name]);
    expect((await list(access_token)).status).toBe(200);
  });

  it.each([
    [401, 401, 190],
    [403, 403, 200],
    [429, 400, 80000],
    [500, 500, 2],
    [503, 503, 2],
  ])('answer %i as Meta would', async (asked, status, code) => {
    const access_token = await connectMeta(simulator);
    await admin(simulator, 'faults', { provider: 'meta', kind: 'status', status: asked });
    const broken = await graph(simulator, 'me', { access_token });
    expect([broken.status, broken.body.error.code]).toEqual([status, code]);
  });

  it('apply to matching calls only, also within a batch, the given number of times', async () => {
    const access_token = await connectMeta(simulator);
    await admin(simulator, 'faults', {
      provider: 'meta',
      match: 'act_2087654310098123/insights',
      times: 2,
      kind: 'status',
      status: 500,
    });
    const batch = JSON.stringify(
      ['me', 'act_2087654310098123/insights', 'act_1043298715640271/insights'].map((relative_url) => ({
        method: 'GET',
        relative_url,
      })),
    );
    const answer = await graph(simulator, '', { batch, access_token }, { method: 'POST' });
    expect(answer.body.map((part: any) => part.code)).toEqual([200, 500, 200]);
    expect((await admin(simulator, 'faults')).body).toMatchObject([{ times: 1 }]);
    await call(`${simulator.url}/_simulator/faults`, { method: 'DELETE' });
    expect((await graph(simulator, 'act_2087654310098123/insights', { access_token })).status).toBe(200);
  });

  it('send what they are given', async () => {
    await admin(simulator, 'faults', {
      provider: 'google-oauth',
      kind: 'status',
      status: 418,
      body: { error: 'teapot' },
      headers: { 'retry-after': '7' },
    });
    const answer = await googleToken(simulator, {});
    expect([answer.status, answer.body, answer.headers.get('retry-after')]).toEqual([418, { error: 'teapot' }, '7']);
  });

  it('break the answer itself', async () => {
    const access_token = await connectMeta(simulator);
    const me = () => fetch(`${simulator.url}/graph.facebook.com/me?access_token=${access_token}`);
    for (const kind of ['garbage', 'html', 'truncate', 'reset'])
      await admin(simulator, 'faults', { provider: 'meta', kind });
    const garbage = await me();
    expect([garbage.status, garbage.headers.get('content-type')]).toEqual([200, 'application/json; charset=UTF-8']);
    await expect(garbage.json()).rejects.toThrow();
    const html = await me();
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=UTF-8']);
    await expect(me().then((response) => response.text())).rejects.toThrow();
    await expect(me()).rejects.toThrow();
    expect((await me()).status).toBe(200);
  });

  it('leave a connection hanging until the caller disconnects, or the simulator closes', async () => {
    await admin(simulator, 'faults', { provider: 'meta', kind: 'hang', times: 2 });
    const givenUp = new AbortController();
    const first = fetch(`${simulator.url}/graph.facebook.com/me`, { signal: givenUp.signal });
    const second = fetch(`${simulator.url}/graph.facebook.com/me`);
    const outcomes = Promise.allSettled([first, second]);
    while ((await admin(simulator, 'calls?provider=meta')).body.length < 2);
    givenUp.abort();
    await simulator.close();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    simulator = await startForTests();
  });

  it('are refused when they make no sense', async () => {
    expect((await admin(simulator, 'faults', { provider: 'tiktok', kind: 'hang' })).status).toBe(400);
    expect((await admin(simulator, 'faults', { provider: 'meta', kind: 'explode' })).status).toBe(400);
    expect((await admin(simulator, 'faults', { provider: 'meta', kind: 'hang', often: 3 })).body.error).toContain(
      'often',
    );
  });
});

describe('the state file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('carries grants, revocations and the clock over a restart', async () => {
    const stateFile = join(folder, 'deep', 'state.json');
    const before = await startForTests({ stateFile });
    const { access_token, refresh_token } = await connectGoogle(before);
    const metaToken = await connectMeta(before);
    await admin(before, 'clock', { advanceSeconds: 100 });
    await admin(before, 'grants/revoke', { provider: 'meta' });
    await before.close();

    const after = await startForTests({ stateFile });
    try {
      expect((await admin(after, 'clock')).body.now).toBe('2026-11-20T12:01:40.000Z');
      expect(
        (
          await call(`${after.url}/www.googleapis.com/oauth2/v2/userinfo`, {
            headers: { authorization: `Bearer ${access_token}` },
          })
        ).status,
      ).toBe(200);
      expect((await googleToken(after, { grant_type: 'refresh_token', refresh_token })).status).toBe(200);
      expect((await graph(after, 'me', { access_token: metaToken })).body.error.error_subcode).toBe(458);
      expect(await readdir(join(folder, 'deep'))).toEqual(['state.json']);
      expect((await stat(stateFile)).mode & 0o077).toBe(0);
    } finally {
      await after.close();
    }
  });
});

describe('addresses', () => {
  it('may be the real host names', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        `${simulator.url}/v26.0/me`,
        { headers: { host: `graph.facebook.com:${simulator.port}` } },
        (response) => {
          let text = '';
          response
            .on('data', (chunk) => {
              text += chunk;
            })
            .on('end', () => resolve(text));
        },
      );
      request.on('error', reject).end();
    });
    expect(JSON.parse(body).error.code).toBe(2500);
  });

  it("that are nobody's get 404, and unreadable ones 400", async () => {
    expect((await call(`${simulator.url}/api.example.com/`)).status).toBe(404);
    expect((await call(`${simulator.url}/graph.facebook.com/%ff`)).status).toBe(400);
  });
});

describe('admin', () => {
  it('returns health, time and settings', async () => {
    expect((await admin(simulator, 'health')).body).toMatchObject({ status: 'ok', now: '2026-11-20T12:00:00.000Z' });
    expect((await admin(simulator, 'clock', { now: '2027-01-01T00:00:00Z' })).body).toEqual({
      now: '2027-01-01T00:00:00.000Z',
    });
    expect((await admin(simulator, 'settings', { googleAdsPageSize: 0 })).status).toBe(400);
    expect((await admin(simulator, 'settings', { colour: 'red' })).status).toBe(400);
    expect((await admin(simulator, 'seed/meta?start=2026-10-01')).status).toBe(400);
  });

  it('keeps secrets out of the call log', async () => {
    const { access_token, refresh_token } = await connectGoogle(simulator);
    await googleToken(simulator, { grant_type: 'refresh_token', refresh_token });
    const metaToken = await connectMeta(simulator);
    await graph(simulator, 'me/adaccounts', { access_token: metaToken });
    const log = JSON.stringify((await admin(simulator, 'calls')).body);
    for (const secret of [access_token, refresh_token, metaToken, 'webmetrics-simulator-secret'])
      expect(log).not.toContain(secret);
    expect(log).toContain('[hidden]');
  });

  it('is refused beyond the local machine unless switched on', async () => {
    for (const [options, status] of [
      [{}, 403],
      [{ admin: true }, 200],
    ] as const) {
      const open = await startForTests({ host: '0.0.0.0', ...options });
      try {
        expect((await admin({ ...open, url: `http://127.0.0.1:${open.port}` }, 'health')).status).toBe(status);
      } finally {
        await open.close();
      }
    }
  });
});

describe('startSimulator', () => {
  it('rejects when the port is taken', async () => {
    await expect(startForTests({ port: simulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
