import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import type { BaseServices } from '#runtime/services.js';
import { openDemo } from './demo.js';

const URL = 'http://localhost:8080';
const PROVIDERS = ['google-ads', 'meta-ads', 'x'];

/** As much of the API as the demo uses, with what it was asked to create. */
class FakeApi {
  readonly connected = new Set<string>();
  readonly clients: { name: string; accounts: { id: string }[] }[] = [];
  reports = 0;
  signUps = 0;
  /** Answers of the OAuth callback by provider, before it succeeds. */
  readonly callbacks: Record<string, string[]> = {};

  #state() {
    return {
      me: { emailVerifiedAt: '2026-01-01' },
      providers: PROVIDERS.map((id) => ({ id, name: id })),
      organization: {
        id: 'organization-1',
        subscription: { status: 'TRIALING', trialEndsAt: '2026-12-14T10:00:00Z', plan: { name: 'Pro' } },
        connections: [...this.connected].map((id) => ({ provider: { id } })),
        accounts: [...this.connected].map((id) => ({ id: `account of ${id}`, name: id })),
        clients: { edges: this.clients.map((node) => ({ node })) },
        reports: { edges: Array.from({ length: this.reports }) },
      },
    };
  }

  #mutate(query: string, variables: { providerId: string; code: string; name: string; accountIds: string[] }): object {
    if (query.includes('signUp(')) {
      this.signUps += 1;
      if (this.signUps > 1) return { errors: [{ message: 'There is one.', extensions: { code: 'CONFLICT' } }] };
    }
    if (query.includes('authorizeConnection'))
      return { data: { authorizeConnection: { authorizeUrl: `http://simulator/${variables.providerId}` } } };
    if (query.includes('completeConnection')) this.connected.add(variables.code);
    if (query.includes('createClient'))
      this.clients.push({ name: variables.name, accounts: variables.accountIds.map((id) => ({ id })) });
    if (query.includes('generateReport')) this.reports += 1;
    return { data: { signedIn: { accessToken: 'token' } } };
  }

  readonly send = async ({ url, body }: { url: string; body?: string }) => {
    const { pathname, hostname } = new globalThis.URL(url);
    if (hostname === 'simulator') return { status: 302, headers: { location: `${URL}/callback${pathname}` }, body: '' };
    if (pathname === '/graphql') {
      const { query, variables } = JSON.parse(body ?? '');
      const answer = query.includes('mutation') ? this.#mutate(query, variables) : { data: this.#state() };
      return { status: 200, headers: {}, body: JSON.stringify(answer) };
    }
    const provider = pathname.replace('/callback/', '');
    const code = this.callbacks[provider]?.shift();
    if (code)
      return { status: 502, headers: {}, body: JSON.stringify({ errors: [{ message: code, extensions: { code } }] }) };
    return { status: 200, headers: {}, body: JSON.stringify({ code: provider }) };
  };
}

describe('the demo', () => {
  let api: FakeApi;
  let dataDir: string;
  let lines: Record<string, any>[];

  const prepare = async (isWanted = true) => {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    const logger = createLogger({ level: 'info', isPretty: false, destination });
    const config = parseConfig({ DATA_DIR: dataDir });
    const base = { config, http: api, lifecycle: new Lifecycle(logger), logger, now: () => new Date() };
    const demo = openDemo(base as unknown as BaseServices, isWanted);
    expect(demo.isPending()).toBe(isWanted);
    const result = await demo.prepare(URL);
    expect(demo.isPending()).toBe(false);
    await demo.complete();
    return result && { ...result, subscription: await demo.subscription(URL) };
  };
  const marker = () => existsSync(join(dataDir, 'demo-complete'));

  beforeEach(() => {
    api = new FakeApi();
    dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
    lines = [];
  });

  it('is completed at the first start, and not touched at the next', async () => {
    expect(await prepare()).toEqual({
      email: 'demo@webmetrics.test',
      password: 'webmetrics-demo',
      organizationId: 'organization-1',
      subscription: { status: 'TRIALING', trialEndsAt: '2026-12-14T10:00:00Z', plan: { name: 'Pro' } },
    });
    expect([...api.connected]).toEqual(PROVIDERS);
    expect(api.clients.map(({ accounts }) => accounts.length)).toEqual([1, 2]);
    expect([api.reports, marker()]).toEqual([2, true]);
    api = new FakeApi();
    expect(await prepare()).toMatchObject({ organizationId: 'organization-1' });
    expect(api.signUps).toBe(0);
  });

  it('is completed in spite of failures that pass', async () => {
    api.callbacks.x = ['PROVIDER_UNAVAILABLE', 'RATE_LIMITED'];
    expect((await prepare())?.incomplete).toBeUndefined();
    expect([api.connected.size, marker()]).toEqual([3, true]);
  });

  it('lacks a provider that fails for good, logs the cause, and continues at the next start', async () => {
    api.callbacks.x = ['INTERNAL_SERVER_ERROR'];
    expect(await prepare()).toMatchObject({ organizationId: 'organization-1', incomplete: '2 of 3 providers' });
    expect(marker()).toBe(false);
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'Demo incomplete',
      failed: { 'connect x': { code: 'INTERNAL_SERVER_ERROR' } },
    });

    expect((await prepare())?.incomplete).toBeUndefined();
    expect([api.connected.size, api.reports, marker()]).toEqual([3, 2, true]);
    expect(api.clients.flatMap(({ accounts }) => accounts)).toHaveLength(3);
  });

  it('is not prepared where it is not wanted', async () => {
    expect(await prepare(false)).toBeUndefined();
    expect(api.signUps).toBe(0);
  });
});
