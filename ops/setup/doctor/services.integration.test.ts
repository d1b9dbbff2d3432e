import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import type { MigrationInterface } from 'typeorm';
import { freePort } from '#ops/testing/free-port.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { startOwnRedis } from '#ops/testing/start-redis.js';
import { newDatabase, testService } from '#ops/testing/test-services.js';
import { resolveSecrets } from '#runtime/config/secrets.js';
import { InternalSigner, type KeysOf } from '#runtime/identity/internal-signer.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import type { Check, CheckContext } from './check.js';
import { backups } from './checks/backups.js';
import { clock } from './checks/clock.js';
import { disk } from './checks/disk.js';
import { envFile } from './checks/env-file.js';
import { gemini, lookAtGemini } from './checks/gemini.js';
import { migrations } from './checks/migrations.js';
import { mongodb } from './checks/mongodb.js';
import { ports } from './checks/ports.js';
import { postgres } from './checks/postgres.js';
import { providers } from './checks/providers.js';
import { readReplica } from './checks/read-replica.js';
import { redis } from './checks/redis.js';
import { sealedValues } from './checks/sealed-values.js';
import { smtp } from './checks/smtp.js';
import { lookAtStripe, stripe } from './checks/stripe.js';
import { subgraphs } from './checks/subgraphs.js';
import { watching } from './checks/watching.js';
import { examine } from './examine.js';
import type { Finding } from './finding.js';
import { readSettings } from './read-settings.js';

// Each check against the real service, and against one that is stopped, refuses, or hangs.

const SUBGRAPHS = ['auth', 'billing'];
const DEADLINE_MS = 10_000;

async function findingsOf(
  check: Check,
  environment: Record<string, string>,
  more: Partial<CheckContext> = {},
): Promise<Finding[]> {
  const { problems, config } = readSettings(environment, SUBGRAPHS);
  const context = {
    environment,
    problems,
    config,
    isProduction: false,
    isGoLive: false,
    databaseUrl: config.databaseUrl,
    envFile: '.env',
    subgraphNames: SUBGRAPHS,
    migrations: {},
    sealedColumns: [],
    findSubgraphProblems: () => [],
    ...more,
  };
  const [examination] = await examine([check], context, DEADLINE_MS, { describeLoad: () => undefined });
  return examination?.findings ?? [];
}

const levels = (findings: Finding[]) => findings.map(({ level }) => level);
const text = (findings: Finding[]) => findings.map(({ message, advice = '' }) => `${message} ${advice}`).join('\n');

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that accepts connections and never answers. */
async function silentPort(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  servers.push({
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return portOf(server);
}

async function httpServer(answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer);
  servers.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return `http://127.0.0.1:${await portOf(server)}`;
}

describe('the check of PostgreSQL', () => {
  const user = `limited_${randomBytes(4).toString('hex')}`;
  let url: string;
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };
  beforeAll(async () => {
    url = await newDatabase();
    await query(`CREATE ROLE ${user} LOGIN PASSWORD 'limited-password'`);
  });
  afterAll(() => query(`DROP ROLE ${user}`));

  const with_ = (change: (url: URL) => void) => {
    const changed = new URL(url);
    change(changed);
    return { DATABASE_URL: changed.href };
  };

  it('finds no problem in a working server, and leaves nothing behind', async () => {
    const schemas = 'SELECT nspname FROM pg_namespace ORDER BY 1';
    const before = await query(schemas);
    const findings = await findingsOf(postgres, { DATABASE_URL: url });
    expect(levels(findings)).toEqual(['ok', 'ok', 'ok']);
    expect(text(findings)).toMatch(/PostgreSQL 1\d at 127\.0\.0\.1/);
    expect(await query(schemas)).toEqual(before);
  });

  it('reports missing privileges', async () => {
    const limited = with_((changed) => {
      changed.username = user;
      changed.password = 'limited-password';
    });
    const findings = await findingsOf(postgres, limited);
    expect(levels(findings)).toEqual(['ok', 'problem', 'warning', 'ok']);
    expect(text(findings)).toMatch(/May not create schemas and tables.*GRANT CREATE/);
    expect(text(findings)).toContain('CREATEDB');
  });

  it('reports fewer connections than the processes keep', async () => {
    const findings = await findingsOf(postgres, { DATABASE_URL: url, DATABASE_POOL_SIZE: '1000' });
    expect(levels(findings)).toEqual(['ok', 'ok', 'warning']);
    expect(text(findings)).toContain('max_connections');
  });

  it.each<[string, (changed: URL) => void | Promise<void>, RegExp]>([
    [
      'the password is wrong',
      (changed) => {
        changed.password = 'wrong-password';
      },
      /Correct the user or the password/,
    ],
    [
      'the database is missing',
      (changed) => {
        changed.pathname = 'missing';
      },
      /CREATE DATABASE/,
    ],
  ])('reports that %s, without the password', async (_what, change, advice) => {
    const findings = await findingsOf(postgres, with_(change));
    expect(levels(findings)).toEqual(['problem']);
    expect(text(findings)).toMatch(advice);
    expect(text(findings)).not.toContain('wrong-password');
  });

  it('reports a stopped server', async () => {
    const findings = await findingsOf(postgres, { DATABASE_URL: `postgres://u:p@127.0.0.1:${await freePort()}/db` });
    expect(levels(findings)).toEqual(['problem']);
    expect(text(findings)).toMatch(/ECONNREFUSED.*Start PostgreSQL there/);
  });

  it('reports a hanging server before the deadline', async () => {
    const findings = await findingsOf(postgres, { DATABASE_URL: `postgres://u:p@127.0.0.1:${await silentPort()}/db` });
    expect(levels(findings)).toEqual(['problem']);
    expect(text(findings)).toContain('timeout');
  });

  it('reports a read replica that is none, and one that is stopped', async () => {
    expect(text(await findingsOf(readReplica, { DATABASE_READ_URL: url }))).toMatch(
      /is no replica.*Point DATABASE_READ_URL/,
    );
    const stopped = `postgres://u:p@127.0.0.1:${await freePort()}/db`;
    expect(text(await findingsOf(readReplica, { DATABASE_READ_URL: stopped }))).toMatch(
      /ECONNREFUSED.*the primary answers/,
    );
  });

  class First1 implements MigrationInterface {
    name = 'First1';
    up = async () => {};
    down = async () => {};
  }
  class Second2 implements MigrationInterface {
    name = 'Second2';
    up = async () => {};
    down = async () => {};
  }

  it('distinguishes migrations: none, up to date, pending, of a newer version', async () => {
    const look = (needed: (new () => MigrationInterface)[]) =>
      findingsOf(migrations, { DATABASE_URL: url }, { migrations: { probe: needed } });
    expect(text(await look([First1]))).toContain('The database is empty');
    await query('CREATE SCHEMA probe; CREATE TABLE probe.migration (id serial, name text)');
    await query("INSERT INTO probe.migration (name) VALUES ('First1')");
    expect(await look([First1])).toEqual([{ level: 'ok', message: 'probe: up to date (1 applied)' }]);
    const other = await findingsOf(
      migrations,
      { DATABASE_URL: url },
      { migrations: { probe: [First1, Second2], empty: [First1] } },
    );
    expect(text(other)).toContain('probe: 1 pending (Second2)');
    await query("INSERT INTO probe.migration (name) VALUES ('Second2')");
    const newer = await look([First1]);
    expect(levels(newer)).toEqual(['problem']);
    expect(text(newer)).toContain('newer than this program (Second2)');
  });

  it('compares the clocks', async () => {
    expect(await findingsOf(clock, { DATABASE_URL: url })).toEqual([
      { level: 'ok', message: 'It agrees with that of PostgreSQL' },
    ]);
  });
});

describe('the check of Redis', () => {
  const url = testService('REDIS');
  const withService = url ? it : it.skip;

  withService('finds no problem in a working server, and leaves nothing behind', async () => {
    const findings = await findingsOf(redis, { REDIS_URL: url ?? '' });
    expect(levels(findings).slice(0, 2)).toEqual(['ok', 'ok']);
    expect(levels(findings)).not.toContain('problem');
    const client = createClient({ url });
    await client.connect();
    expect(await client.keys('webmetrics doctor*')).toEqual([]);
    client.destroy();
  });

  withService(
    'warns of one without a password, without a bound, and of one that evicts what it must keep',
    async () => {
      const own = await startOwnRedis();
      const client = createClient({ url: own.url });
      await client.connect();
      try {
        expect(text(await findingsOf(redis, { REDIS_URL: own.url }))).toMatch(/no password.*take all the memory/s);
        const password = 'only-for-this-test';
        await client.configSet({ requirepass: password, maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' });
        const REDIS_URL = own.url.replace('//', `//:${password}@`);
        const evicting = await findingsOf(redis, { REDIS_URL });
        expect(levels(evicting)).toEqual(['ok', 'ok', 'warning']);
        expect(text(evicting)).toContain('volatile-lru');
        await client.configSet('maxmemory-policy', 'volatile-lru');
        expect(levels(await findingsOf(redis, { REDIS_URL }))).toEqual(['ok', 'ok']);
      } finally {
        client.destroy();
        await own.close();
      }
    },
  );

  withService('compares the clocks', async () => {
    expect(text(await findingsOf(clock, { REDIS_URL: url ?? '' }))).toContain('It agrees with that of Redis');
  });

  const reportsRedis = async (_what: string, port: () => Promise<number>, message: RegExp) => {
    const findings = await findingsOf(redis, { REDIS_URL: `redis://:secret-word@127.0.0.1:${await port()}` });
    expect(levels(findings)).toEqual(['problem']);
    expect(text(findings)).toMatch(message);
    expect(text(findings)).not.toContain('secret-word');
  };
  const stopped: [string, () => Promise<number>, RegExp] = ['stopped', freePort, /ECONNREFUSED.*Start Redis there/];
  const hanging: typeof stopped = ['hanging', silentPort, /it does not answer.*Start Redis there/];
  it.each([stopped])('reports a server that is %s', reportsRedis);
  itInDrills.each([hanging])('reports a server that is %s', reportsRedis);

  it('warns about several processes without it, a problem before going live', async () => {
    const several = { SUBGRAPH_AUTH_URL: 'http://auth:4001/graphql' };
    expect(levels(await findingsOf(redis, {}))).toEqual(['ok']);
    expect(levels(await findingsOf(redis, several))).toEqual(['warning']);
    expect(levels(await findingsOf(redis, several, { isGoLive: true }))).toEqual(['problem']);
  });
});

describe('the check of MongoDB', () => {
  const url = testService('MONGODB');

  (url ? it : it.skip)('finds no problem in a working server, and leaves nothing behind', async () => {
    const findings = await findingsOf(mongodb, { MONGODB_URL: url ?? '' });
    expect(levels(findings).filter((level) => level === 'problem')).toEqual([]);
    const client = new MongoClient(url ?? '');
    const collections = await client.db().listCollections().toArray();
    await client.close();
    expect(collections.filter(({ name }) => name.startsWith('webmetrics_doctor'))).toEqual([]);
  });

  itInDrills.each([
    ['stopped', freePort],
    ['hanging', silentPort],
  ])('reports a server that is %s', async (_what, port) => {
    const findings = await findingsOf(mongodb, { MONGODB_URL: `mongodb://u:secret-word@127.0.0.1:${await port()}/db` });
    expect(levels(findings)).toEqual(['problem']);
    expect(text(findings)).toContain('MONGODB_URL');
    expect(text(findings)).not.toContain('secret-word');
  });
});

describe('the check of the mail server', () => {
  async function mailServer(): Promise<number> {
    const server = new SMTPServer({
      authOptional: false,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) =>
        username === 'us' && password === 'right-word'
          ? done(null, { user: username })
          : done(new Error('Invalid user or password')),
    });
    servers.push({ close: () => server.close(() => {}) });
    server.on('error', () => {});
    return portOf(server.server);
  }

  it('accepts valid credentials, and reports a missing sender', async () => {
    const SMTP_URL = `smtp://us:right-word@127.0.0.1:${await mailServer()}`;
    const findings = await findingsOf(smtp, { SMTP_URL, MAIL_FROM: 'WebMetrics <us@acme.io>' });
    expect(levels(findings)).toEqual(['ok', 'ok']);
    expect(levels(await findingsOf(smtp, { SMTP_URL }))).toEqual(['ok', 'warning']);
  });

  it('reports a refused password without it', async () => {
    const SMTP_URL = `smtp://us:wrong-word@127.0.0.1:${await mailServer()}`;
    const findings = await findingsOf(smtp, { SMTP_URL, MAIL_FROM: 'us@acme.io' });
    expect(levels(findings)).toEqual(['problem', 'ok']);
    expect(text(findings)).toContain('Correct the user or the password in SMTP_URL');
    expect(text(findings)).not.toContain('wrong-word');
  });

  itInDrills.each([
    ['stopped', freePort],
    ['hanging', silentPort],
  ])('reports a server that is %s', async (_what, port) => {
    const SMTP_URL = `smtp://127.0.0.1:${await port()}`;
    expect(levels(await findingsOf(smtp, { SMTP_URL, MAIL_FROM: 'us@acme.io' }))[0]).toBe('problem');
  });

  it('reports missing mail settings before going live', async () => {
    expect(levels(await findingsOf(smtp, {}))).toEqual(['warning']);
    expect(levels(await findingsOf(smtp, {}, { isGoLive: true }))).toEqual(['problem']);
  });
});

describe('the check of sealed values', () => {
  it('reports values whose key is missing', async () => {
    const DATABASE_URL = await newDatabase();
    const [old, key] = ['0f'.repeat(32), 'f0'.repeat(32)];
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    await client.query('CREATE TABLE treasure (id uuid DEFAULT gen_random_uuid(), value text)');
    const sealed = new Sealer(Buffer.from(old, 'hex')).seal('of value', 'for another row');
    await client.query('INSERT INTO treasure (value) VALUES ($1), ($1), (NULL)', [sealed]);
    await client.end();
    const sealedColumns = [
      { table: 'treasure', column: 'value', associatedDataOf: () => 'for another row' },
      { table: 'not_there.yet', column: 'value', associatedDataOf: () => 'for another row' },
    ];
    const look = (environment: Record<string, string>) =>
      findingsOf(
        sealedValues,
        { DATABASE_URL, JWT_SECRET: 'a secret that is only for this test: 0123456789', ...environment },
        { sealedColumns },
      );
    expect(levels(await look({ TOKEN_ENCRYPTION_KEY: old }))).toEqual(['ok']);
    expect(levels(await look({ TOKEN_ENCRYPTION_KEY: key, TOKEN_ENCRYPTION_KEY_PREVIOUS: old }))).toEqual(['ok']);
    const lost = await look({ TOKEN_ENCRYPTION_KEY: key });
    expect(levels(lost)).toEqual(['problem']);
    expect(text(lost)).toMatch(/2 of 2 sealed values cannot be opened: they need the key [0-9a-f]{8} .*_PREVIOUS/);
  });
});

describe('the check of other processes', () => {
  it('distinguishes ready, not ready, another service and unreachable', async () => {
    const answering = (status: number) => httpServer((_request, response) => response.writeHead(status).end());
    const look = async (base: string) => findingsOf(subgraphs, { SUBGRAPH_AUTH_URL: `${base}/graphql` });
    expect(text(await look(await answering(200)))).toContain('auth is ready');
    expect(text(await look(await answering(503)))).toContain('but is not ready');
    expect(text(await look(await answering(404)))).toContain('is something else (it answers 404)');
    const gone = await look(`http://127.0.0.1:${await freePort()}`);
    expect(levels(gone)).toEqual(['ok', 'problem']);
    expect(text(gone)).toContain('npm run serve -- auth');
  });

  it('reports a ready process that takes no operations', async () => {
    const at = (path: string) =>
      httpServer(({ url }, response) =>
        response.writeHead([path, '/ready', '/health'].includes(url ?? '') ? 200 : 404).end(),
      );
    const base = await at('/graphql');
    const look = (SUBGRAPH_AUTH_URL: string, GATEWAY_URL: string) =>
      findingsOf(subgraphs, { SUBGRAPH_AUTH_URL, GATEWAY_URL });
    expect(levels(await look(`${base}/graphql`, `${base}/graphql`))).toEqual(['ok', 'ok', 'ok']);
    const wrong = await look(base, `${base}/graph`);
    expect(levels(wrong)).toEqual(['ok', 'problem', 'problem']);
    expect(text(wrong)).toMatch(/End SUBGRAPH_AUTH_URL in \/graphql.*End GATEWAY_URL in \/graphql/s);
  });

  it('reports another subgraph, and other keys', async () => {
    const secrets = {
      JWT_SECRET: 'a secret that is only for this test: 0123456789',
      TOKEN_ENCRYPTION_KEY: '0f'.repeat(32),
    };
    const { keysOf } = resolveSecrets(secrets, '/nowhere');
    const asServed = async (name: string, keys: KeysOf) => {
      const base = await httpServer(async ({ method, headers }, response) => {
        const isBelieved = await new InternalSigner(keys)
          .verify((headers.authorization ?? '').slice('Bearer '.length), name)
          .then(() => true)
          .catch(() => false);
        response.writeHead(method === 'GET' || isBelieved ? 200 : 401).end();
      });
      return findingsOf(subgraphs, { ...secrets, SUBGRAPH_AUTH_URL: `${base}/graphql` });
    };
    expect(levels(await asServed('auth', keysOf))).toEqual(['ok', 'ok']);
    expect(levels(await asServed('billing', keysOf))).toEqual(['ok', 'problem']);
    expect(text(await asServed('auth', () => ['another key']))).toContain('INTERNAL_JWT_SECRET');
  });

  it('distinguishes a running gateway and another program on the port', async () => {
    const gateway = await httpServer((_request, response) => response.end('{"status":"ok"}'));
    const stranger = await httpServer((_request, response) => response.end('hello'));
    const look = (base: string) => findingsOf(ports, { HOST: '127.0.0.1', PORT: new URL(base).port });
    expect(text(await look(gateway))).toContain('has a running gateway');
    expect(levels(await look(stranger))).toEqual(['problem']);
    expect(text(await look(`http://127.0.0.1:${await freePort()}`))).toContain('is free');
    const both = { HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: new URL(stranger).port };
    const findings = await findingsOf(ports, both);
    expect(levels(findings)).toEqual(['ok', 'problem']);
    expect(text(findings)).toContain(`Health port ${both.HEALTH_PORT} cannot be had`);
  });

  it('reports unreachable providers and collectors', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const alive = await httpServer((_request, response) => response.end());
    const meta = { META_CLIENT_ID: 'id', META_CLIENT_SECRET: 'secret', META_DIALOG_BASE: alive };
    expect(text(await findingsOf(providers, { ...meta, META_GRAPH_BASE: alive }))).toContain(
      'Meta has credentials, and',
    );
    const gone = await findingsOf(providers, { ...meta, META_GRAPH_BASE: dead });
    expect(levels(gone)).toEqual(['ok', 'warning', 'ok', 'ok']);
    expect(text(gone)).toContain('cannot be reached (connect ECONNREFUSED');
    expect(levels(await findingsOf(watching, { OTEL_EXPORTER_OTLP_ENDPOINT: dead }))).toEqual(['warning']);
    expect(levels(await findingsOf(watching, { OTEL_EXPORTER_OTLP_ENDPOINT: alive }))).toEqual(['ok']);
    expect(levels(await findingsOf(watching, { SENTRY_DSN: 'https://key@sentry.acme.io/1' }))).toEqual(['ok']);
  });
});

describe('the check of the model of summaries', () => {
  const given = { apiKey: 'AIzaSyD-0123456789abcdefghijklmnopqrstu', model: 'gemini-3.5-flash-lite' };

  it.each([
    [200, 'ok', 'gemini-3.5-flash-lite words summaries'],
    [400, 'problem', 'refuses GEMINI_API_KEY'],
    [403, 'problem', 'refuses GEMINI_API_KEY'],
    [404, 'problem', 'no model gemini-3.5-flash-lite'],
    [503, 'warning', 'answers with status 503'],
  ])('says what status %d means', async (status, level, message) => {
    const asked: unknown[] = [];
    const base = await httpServer(({ url, headers }, response) => {
      asked.push([url, headers['x-goog-api-key']]);
      response.writeHead(status).end();
    });
    const finding = await lookAtGemini(given, new AbortController().signal, base);
    expect([finding.level, finding.message]).toEqual([level, expect.stringContaining(message)]);
    expect(asked).toEqual([['/v1beta/models/gemini-3.5-flash-lite', given.apiKey]]);
  });

  it('reports that it cannot be reached, and nothing where none is asked', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    expect((await lookAtGemini(given, new AbortController().signal, dead)).level).toBe('warning');
    expect(await findingsOf(gemini, {})).toEqual([]);
    const simulated = await findingsOf(gemini, { GEMINI_API_KEY: 'webmetrics-simulator-gemini-key' });
    expect(text(simulated)).toContain('is simulated');
  });
});

describe('the check of payments', () => {
  const key = { secretKey: 'sk_test_0123456789abcdef', isLive: false };
  const endpoint = (status: string) => ({ data: [{ url: 'https://api.acme.io/webhooks/stripe', status }] });

  const types = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'];
  const destination = (more: object = {}) => ({
    ...{ status: 'enabled', event_payload: 'thin', enabled_events: types },
    ...{ webhook_endpoint: { url: 'https://api.acme.io/webhooks/stripe' } },
    ...more,
  });

  async function lookAt(answers: Record<string, [status: number, body: unknown]>): Promise<Finding[]> {
    const base = await httpServer((request, response) => {
      const [status, body] = answers[new URL(request.url ?? '', 'http://stripe').pathname] ?? [404, {}];
      response.writeHead(request.headers['stripe-version'] ? status : 400).end(JSON.stringify(body));
    });
    const look = { isProduction: false, publicUrl: 'https://api.acme.io', base };
    return lookAtStripe(key, new AbortController().signal, look);
  }

  it.each<[number, unknown, string, string]>([
    [200, endpoint('enabled'), 'ok', 'sends its events to'],
    [200, endpoint('disabled'), 'problem', 'has disabled'],
    [200, { data: [] }, 'problem', 'has no webhook endpoint'],
    [401, {}, 'problem', 'refuses STRIPE_SECRET_KEY'],
    [403, {}, 'warning', 'may not read webhook endpoints'],
    [503, {}, 'warning', 'answers with status 503'],
  ])('says what status %d with %j means', async (status, body, level, message) => {
    const [finding] = await lookAt({ '/v1/webhook_endpoints': [status, body] });
    expect([finding?.level, finding?.message]).toEqual([level, expect.stringContaining(message)]);
  });

  it.each<[number, object[], string, string]>([
    [200, [destination()], 'ok', 'sends its thin events to'],
    [200, [destination({ enabled_events: ['*'] })], 'ok', 'sends its thin events to'],
    [200, types.map((type) => destination({ enabled_events: [type] })), 'ok', 'sends its thin events to'],
    [200, [], 'problem', 'error_report_triggered and v1.billing.meter.no_meter_found'],
    [200, [destination({ enabled_events: types.slice(0, 1) })], 'problem', 'for v1.billing.meter.no_meter_found'],
    [200, [destination({ event_payload: 'snapshot' })], 'problem', 'no enabled destination'],
    [200, [destination({ status: 'disabled' })], 'problem', 'no enabled destination'],
    [200, [destination({ webhook_endpoint: { url: 'https://old.acme.io/webhooks/stripe' } })], 'problem', 'unbilled'],
    [403, [], 'warning', 'may not read event destinations'],
  ])('says what status %d with the destinations %j means', async (status, data, level, message) => {
    const [, finding] = await lookAt({
      '/v1/webhook_endpoints': [200, endpoint('enabled')],
      '/v2/core/event_destinations': [status, { data }],
    });
    expect([finding?.level, finding?.message]).toEqual([level, expect.stringContaining(message)]);
  });

  it('warns of a test key in production, and reports that Stripe cannot be reached', async () => {
    const look = { isProduction: true, publicUrl: undefined, base: `http://127.0.0.1:${await freePort()}` };
    const findings = await lookAtStripe(key, new AbortController().signal, look);
    expect(levels(findings)).toEqual(['warning', 'warning']);
    expect(text(findings)).toContain('is a test key');
    expect(await findingsOf(stripe, {})).toEqual([]);
  });
});

describe('the check of files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-doctor-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reports a settings file that others can read', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, '', { mode: 0o600 });
    expect(levels(await findingsOf(envFile, {}, { envFile: file }))).toEqual(['ok']);
    chmodSync(file, 0o644);
    const open = await findingsOf(envFile, {}, { envFile: file });
    expect(levels(open)).toEqual(['warning']);
    expect(text(open)).toContain(`chmod 600 ${file}`);
    expect(levels(await findingsOf(envFile, {}, { envFile: file, isGoLive: true }))).toEqual(['problem']);
  });

  it('reports folders that cannot be written, and creates none', async () => {
    const data = join(folder, 'data');
    const findings = await findingsOf(disk, { DATA_DIR: data });
    expect(levels(findings)).not.toContain('problem');
    expect(text(findings)).toContain('made when it is needed');
    writeFileSync(data, 'a file');
    const blocked = await findingsOf(disk, { DATA_DIR: data, BACKUP_DIR: folder });
    expect(levels(blocked)[0]).toBe('problem');
    expect(text(blocked)).toContain('set DATA_DIR');
  });
});

describe('the check of backups', () => {
  it('requires remote, encrypted backups before going live', async () => {
    const live = { isProduction: true, isGoLive: true };
    expect(levels(await findingsOf(backups, {}))).toEqual(['ok', 'ok', 'ok']);
    expect(levels(await findingsOf(backups, {}, live))).toEqual(['ok', 'problem', 'problem']);
    const sealed = { BACKUP_ENCRYPTION_KEY: randomBytes(32).toString('hex') };
    expect(levels(await findingsOf(backups, sealed, live))).toEqual(['ok', 'problem', 'ok']);
  });

  it('tries the bucket and leaves nothing in it', async () => {
    const asked: string[] = [];
    const store = await httpServer((request, response) => {
      asked.push(`${request.method} ${request.url?.replace(/\?.*|-[0-9a-f-]{36}/g, '')}`);
      request.resume().on('end', () => response.writeHead(request.method === 'DELETE' ? 204 : 200).end());
    });
    const s3 = {
      BACKUP_S3_BUCKET: 'kept',
      BACKUP_S3_ENDPOINT: store,
      BACKUP_S3_ACCESS_KEY_ID: 'id',
      BACKUP_S3_SECRET_ACCESS_KEY: 'secret-word',
    };
    expect(levels(await findingsOf(backups, s3))).toEqual(['ok', 'ok', 'ok']);
    expect(asked).toEqual(['PUT /kept/webmetrics/webmetrics-doctor', 'DELETE /kept/webmetrics/webmetrics-doctor']);
    const gone = { ...s3, BACKUP_S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const findings = await findingsOf(backups, gone);
    expect(levels(findings)).toEqual(['ok', 'problem', 'ok']);
    expect(text(findings)).toContain('BACKUP_S3_');
    const { BACKUP_S3_SECRET_ACCESS_KEY: _left, ...half } = s3;
    expect(text(await findingsOf(backups, half))).toContain('Set both, or neither');
  });
});
