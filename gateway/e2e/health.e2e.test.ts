import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlatform } from '#gateway/platform.js';
import { openTestBaseServices } from '#ops/testing/test-services.js';
import { listen } from '#runtime/http/listen.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport, type Transport, transports } from './open-transport.js';
import { readJson, readJsonUntil } from './read-json.js';

const OPERATOR_TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';

describe.each(transports)('a gateway with its subgraphs %s', (transport: Transport) => {
  let platform: OpenTransport;

  beforeAll(async () => {
    platform = await openTransport(transport, { OPERATOR_TOKEN, RATE_LIMIT_SIGNED_IN: '1000' });
  });
  afterAll(() => platform?.close());

  const own = transport === 'in-process' ? { database: 'ok', jobs: 'ok' } : {};
  const allOk = {
    supergraph: 'ok',
    cache: 'ok',
    ...own,
    ...Object.fromEntries(subgraphNames.map((name) => [name, 'ok'])),
  };

  it('is alive', async () => {
    const { status, body, headers } = await readJson(`${platform.url}/health`);
    expect([status, body.status, headers.get('cache-control')]).toEqual([200, 'ok', 'no-store']);
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it('is ready from the first moment it listens', async () => {
    const { status, body } = await readJson(`${platform.url}/ready`);
    expect([status, body]).toEqual([200, { status: 'ready', checks: allOk }]);
  });

  it('has a public status without details', async () => {
    const { data } = await new Client(platform.url).ask(/* GraphQL */ `mutation {
      signUp(name: "Nora", email: "nora@example.com", password: "correct horse battery", companyName: "Company") {
        accessToken
      }
    }`);
    const expected = { status: 'ok', version: expect.any(String), uptime: expect.any(Number) };
    expect((await readJson(`${platform.url}/api/status`)).body).toEqual(expected);
    // Neither an owner of a customer's organization.
    const { body } = await readJson(`${platform.url}/api/status`, `Bearer ${data.signUp.accessToken}`);
    expect(body).toEqual(expected);
  });

  it('refuses credentials that do not hold', async () => {
    const { status, body } = await readJson(`${platform.url}/api/status`, 'Bearer wrong');
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('has a complete status for operators', async () => {
    const { client } = await new Client(platform.url).signUp('Olga');
    await client.connect('google-ads');
    // An installation is backed up as soon as its jobs run.
    const isBackedUp = (answer: { body: any }) => answer.body.backups?.lastBackup;
    const { status, body } = await readJsonUntil(`${platform.url}/api/status`, isBackedUp, `Bearer ${OPERATOR_TOKEN}`);
    expect([status, body]).toEqual([
      200,
      {
        status: 'ok',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        uptime: expect.any(Number),
        environment: 'test',
        database: { mode: 'external', isReachable: true },
        migrations: Object.fromEntries(
          ['operations', ...subgraphNames].map((schema) => [schema, { applied: expect.any(Number), pending: [] }]),
        ),
        backups: {
          lastBackup: {
            finishedAt: expect.any(String),
            file: expect.stringMatching(/^webmetrics-.+\.jsonl\.gz$/),
            bytes: expect.any(Number),
            rows: expect.any(Number),
          },
          isLastBackupOk: true,
          lastVerifiedRestore: null,
          isLastRestoreOk: null,
        },
        jobs: {
          backend: 'PostgreSQL',
          waiting: expect.any(Number),
          running: expect.any(Number),
          dead: 0,
          oldestWaitingSince: body.jobs.oldestWaitingSince,
          kinds: expect.any(Array),
        },
        integrations: { connections: { ACTIVE: 1, RECONNECT_REQUIRED: 0, DISCONNECTED: 0 } },
        billing: {
          isSold: true,
          events: {
            lastReceivedAt: null,
            lagSeconds: { median: null, longest: null },
            waiting: 0,
            oldestWaitingSince: null,
          },
          payments: { failedInLastDay: 0, pastDueOrganizations: 0 },
          reconciliation: null,
        },
        cache: 'memory',
        rateLimits: { mode: 'memory', anonymous: null, signedIn: 1000 },
        memory: {
          residentBytes: expect.any(Number),
          heapUsedBytes: expect.any(Number),
          heapTotalBytes: expect.any(Number),
        },
        eventLoop: expect.objectContaining({ p99DelayMs: expect.any(Number) }),
        subgraphs: Object.fromEntries(subgraphNames.map((name) => [name, { transport, status: 'ok' }])),
        checks: allOk,
        unknown: {},
      },
    ]);
  });
});

describe('a gateway whose Redis is away', () => {
  it('is ready, and reports the degraded checks', async () => {
    const environment = { REDIS_URL: 'redis://127.0.0.1:9', RATE_LIMIT_ANONYMOUS: '100', OPERATOR_TOKEN };
    const base = await openTestBaseServices({ environment });
    const { app } = await openPlatform(base);
    const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    try {
      const { status, body } = await readJson(`${url}/ready`);
      expect([status, body.status, body.checks.cache]).toEqual([200, 'ready', 'degraded']);
      expect((await readJson(`${url}/api/status`, `Bearer ${OPERATOR_TOKEN}`)).body).toMatchObject({
        status: 'degraded',
        cache: 'memory, because Redis is away',
        rateLimits: { mode: 'memory, because Redis is away', anonymous: 100, signedIn: null },
      });
    } finally {
      await base.lifecycle.close();
    }
  });
});
