import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlatform } from '#gateway/platform.js';
import { newDatabase, openTestBaseServices } from '#ops/testing/test-services.js';
import { listen } from '#runtime/http/listen.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport, type Transport, transports } from './open-transport.js';

const OPERATOR_TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';

async function get(url: string, authorization?: string): Promise<{ status: number; body: any; headers: Headers }> {
  const response = await fetch(url, { headers: authorization ? { authorization } : {} });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Asks until the answer is as wanted, and returns it. */
async function until(
  url: string,
  isWanted: (answer: { status: number; body: any }) => boolean,
  authorization?: string,
) {
  for (;;) {
    const answer = await get(url, authorization);
    if (isWanted(answer)) return answer;
    await wait(100);
  }
}

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
    const { status, body, headers } = await get(`${platform.url}/health`);
    expect([status, body.status, headers.get('cache-control')]).toEqual([200, 'ok', 'no-store']);
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it('is ready from the first moment it listens', async () => {
    const { status, body } = await get(`${platform.url}/ready`);
    expect([status, body]).toEqual([200, { status: 'ready', checks: allOk }]);
  });

  it('has a public status without details', async () => {
    const { data } = await new Client(platform.url).ask(/* GraphQL */ `mutation {
      signUp(name: "Nora", email: "nora@example.com", password: "correct horse battery", companyName: "Company") {
        accessToken
      }
    }`);
    const expected = { status: 'ok', version: expect.any(String), uptime: expect.any(Number) };
    expect((await get(`${platform.url}/api/status`)).body).toEqual(expected);
    // Neither an owner of a customer's organization.
    const { body } = await get(`${platform.url}/api/status`, `Bearer ${data.signUp.accessToken}`);
    expect(body).toEqual(expected);
  });

  it('refuses credentials that do not hold', async () => {
    const { status, body } = await get(`${platform.url}/api/status`, 'Bearer wrong');
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('has a complete status for operators', async () => {
    const { client } = await new Client(platform.url).signUp('Olga');
    await client.connect('google-ads');
    // An installation is backed up as soon as its jobs run.
    const isBackedUp = (answer: { body: any }) => answer.body.backups?.lastBackup;
    const { status, body } = await until(`${platform.url}/api/status`, isBackedUp, `Bearer ${OPERATOR_TOKEN}`);
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

describe('a gateway whose subgraphs come and go', () => {
  const away = new Set<SubgraphName>();
  const silent = new Set<SubgraphName>();
  const servers: Server[] = [];
  let url: string;
  let close: () => Promise<void>;

  /** A subgraph as far as probes go. */
  async function serve(name: SubgraphName): Promise<string> {
    const server = createServer((request, response) => {
      if (request.url === '/status' && silent.has(name)) return;
      response.writeHead(away.has(name) ? 503 : 200).end('{"own":null,"installation":{"unknown":{}}}');
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
  }

  beforeAll(async () => {
    const environment: Record<string, string> = { OPERATOR_TOKEN };
    for (const name of subgraphNames) environment[`SUBGRAPH_${name.toUpperCase()}_URL`] = await serve(name);
    const base = await openTestBaseServices({ environment });
    const { app } = await openPlatform(base);
    url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    close = () => base.lifecycle.close();
  });
  afterAll(async () => {
    await close?.();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is degraded without billing', async () => {
    away.add('billing');
    const { status, body } = await until(`${url}/ready`, ({ body: { checks } }) => checks.billing !== 'ok');
    expect([status, body.status, body.checks.billing]).toEqual([200, 'ready', 'degraded']);
    expect((await get(`${url}/api/status`)).body.status).toBe('degraded');
    away.delete('billing');
    await until(`${url}/ready`, ({ body: { checks } }) => checks.billing === 'ok');
  });

  it('is not ready without auth, and is again when that is back', async () => {
    away.add('auth');
    const { body } = await until(`${url}/ready`, ({ status }) => status === 503);
    expect([body.status, body.checks.auth, body.checks.billing]).toEqual(['not ready', 'failed', 'ok']);
    expect((await get(`${url}/health`)).status).toBe(200);
    away.delete('auth');
    await until(`${url}/ready`, ({ status }) => status === 200);
  });

  it('reports to operators which parts of the status are unknown when a subgraph does not answer', async () => {
    silent.add('integrations');
    const { body } = await get(`${url}/api/status`, `Bearer ${OPERATOR_TOKEN}`);
    expect(body).toMatchObject({
      environment: 'test',
      integrations: null,
      database: null,
      unknown: { integrations: 'no answer in time', database: 'no subgraph answered' },
    });
  });
});

describe('a gateway whose Redis is away', () => {
  it('is ready, and reports the degraded checks', async () => {
    const environment = { REDIS_URL: 'redis://127.0.0.1:9', RATE_LIMIT_ANONYMOUS: '100', OPERATOR_TOKEN };
    const base = await openTestBaseServices({ environment });
    const { app } = await openPlatform(base);
    const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    try {
      const { status, body } = await get(`${url}/ready`);
      expect([status, body.status, body.checks.cache]).toEqual([200, 'ready', 'degraded']);
      expect((await get(`${url}/api/status`, `Bearer ${OPERATOR_TOKEN}`)).body).toMatchObject({
        status: 'degraded',
        cache: 'memory, because Redis is away',
        rateLimits: { mode: 'memory, because Redis is away', anonymous: 100, signedIn: null },
      });
    } finally {
      await base.lifecycle.close();
    }
  });
});

describe('a gateway whose database goes away', () => {
  it('is alive but not ready, and is ready by itself when that is back', async () => {
    const database = new URL(await newDatabase());
    const sockets = new Set<Socket>();
    let isAway = false;
    const proxy = createTcpServer((client) => {
      if (isAway) return void client.destroy();
      const server = connect(Number(database.port), database.hostname);
      for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
      client.pipe(server).pipe(client);
      client.on('close', () => server.destroy());
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const behindProxy = new URL(database);
    behindProxy.hostname = '127.0.0.1';
    behindProxy.port = String((proxy.address() as { port: number }).port);
    const base = await openTestBaseServices({ environment: { DATABASE_URL: behindProxy.href } });
    const { app } = await openPlatform(base);
    const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    try {
      expect((await get(`${url}/ready`)).status).toBe(200);
      isAway = true;
      for (const socket of sockets) socket.destroy();
      const { body } = await until(`${url}/ready`, ({ status }) => status === 503);
      expect(body.checks).toMatchObject({ supergraph: 'ok', database: 'failed' });
      expect((await get(`${url}/health`)).status).toBe(200);
      isAway = false;
      await until(`${url}/ready`, ({ status }) => status === 200);
      await new Client(url).signUp('Nora');
    } finally {
      await base.lifecycle.close();
      proxy.close();
    }
  });
});
