import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { readBody } from '#ops/testing/read-body.js';
import { type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { databaseAt, newDatabase, testService } from '#ops/testing/test-services.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { Client } from './client.js';
import { signUpConfirmed } from './sign-up-confirmed.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';
import { finishedReport } from './tenant.js';

interface Received {
  key: string;
  status?: string;
  text: string;
  runbook: string;
  firstAt: string;
  lastAt: string;
  source: { program: string; host: string; instance: string };
  /** When it arrived. */
  at: number;
}

const START_TIMEOUT_MS = 300_000;
const OPERATORS = 'operations@example.com';

const mongodbUrl = testService('MONGODB');
const withMongodb = mongodbUrl ? it : it.skip;
/** Processes look every ten seconds, and a driver may have to connect anew. */
const LIMIT_MS = 180_000;
/** What is promised. */
const RAISED_WITHIN_MS = 60_000;

describe('operators are notified of an outage by processes of an installation, each of which sees it', () => {
  const received: Received[] = [];
  const processes: Record<string, StartedProcess> = {};
  let server: ReturnType<typeof createServer>;
  let simulator: Simulator;
  let mail: MailServer;
  let redis: OwnRedis;
  let url: string;
  let toRedis: TcpProxy;
  let toQueue: TcpProxy | undefined;
  let toDatabase: TcpProxy;
  let start: (name: string) => Promise<void>;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const body = await readBody(request);
      if (!body) return;
      received.push({ ...JSON.parse(body.toString()), at: Date.now() });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    simulator = await startSimulator({ quiet: true });
    mail = await startMailServer();
    redis = await startOwnRedis();
    const queue = mongodbUrl ? new URL(databaseAt(mongodbUrl, `alerts_${randomBytes(6).toString('hex')}`)) : undefined;
    toQueue = queue && (await startTcpProxy(Number(queue.port)));
    const database = new URL(await newDatabase());
    toRedis = await startTcpProxy(redis.port);
    toDatabase = await startTcpProxy(Number(database.port));
    const ports = await Promise.all(['gateway', 'auth', 'integrations', 'reporting', 'billing'].map(freePort));
    const [gatewayPort, ...subgraphPorts] = ports as number[];
    url = `http://127.0.0.1:${gatewayPort}`;
    const names = ['auth', 'integrations', 'reporting', 'billing'];
    const environment = {
      DATABASE_URL: Object.assign(database, { hostname: '127.0.0.1', port: String(toDatabase.port) }).href,
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      SIMULATOR_URL: simulator.url,
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
      ALERT_MAIL_TO: OPERATORS,
      SMTP_URL: mail.url,
      PUBLIC_URL: url,
      GATEWAY_URL: `${url}/graphql`,
      ...(queue && { MONGODB_URL: Object.assign(queue, { port: String(toQueue?.port) }).href }),
      PORT: String(gatewayPort),
      HOST: '127.0.0.1',
      ...Object.fromEntries(
        names.map((name, index) => [
          `SUBGRAPH_${name.toUpperCase()}_URL`,
          `http://127.0.0.1:${subgraphPorts[index]}/graphql`,
        ]),
      ),
    };
    start = async (name) => {
      const index = names.indexOf(name);
      processes[name] = await (index < 0
        ? startProcess('gateway/main.js', [], { environment, readyWhen: /Press Ctrl-C to stop/ })
        : startProcess('subgraphs/serve.js', [name, '--port', String(subgraphPorts[index])], {
            environment,
            readyWhen: new RegExp(`Subgraph ${name}`),
          }));
    };
    for (const name of names) await start(name);
    await start('gateway');
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    for (const process of Object.values(processes)) await process.stop('SIGKILL');
    await toRedis.close();
    await toQueue?.close();
    await toDatabase.close();
    await redis.close();
    await simulator.close();
    await mail.close();
    server.close();
  });

  const of = (key: string, status: string) => received.filter((one) => one.key === key && one.status === status);

  /** Breaks something until it is raised, mends it, and returns what was sent of it, whose count must be one each. */
  async function breakUntilReported(key: string, breakIt: () => unknown, mendIt: () => unknown) {
    const open = () => received.filter((one) => of(one.key, 'raised').length !== of(one.key, 'resolved').length);
    await eventually('what a slow start raised is resolved', () => open().length === 0, LIMIT_MS);
    const [wasRaised, wasResolved] = [of(key, 'raised').length, of(key, 'resolved').length];
    const before = received.length;
    const brokenAt = Date.now();
    await breakIt();
    await eventually(`${key} is raised`, () => of(key, 'raised').length > wasRaised, LIMIT_MS);
    const raised = of(key, 'raised').at(-1) as Received;
    const mendedAt = Date.now();
    await mendIt();
    await eventually(`${key} is resolved`, () => of(key, 'resolved').length > wasResolved, LIMIT_MS);
    const resolved = of(key, 'resolved').at(-1) as Received;
    const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
    process.stdout.write(
      `${key}: raised after ${seconds(raised.at - brokenAt)}, resolved ${seconds(resolved.at - mendedAt)} after its end: ${resolved.text.split('\n')[0]}\n`,
    );
    expect(raised.at - brokenAt).toBeLessThan(RAISED_WITHIN_MS);
    expect(of(key, 'raised')).toHaveLength(wasRaised + 1);
    expect(of(key, 'resolved')).toHaveLength(wasResolved + 1);
    expect(new Date(raised.firstAt).getTime()).toBeGreaterThanOrEqual(brokenAt - 1_500);
    expect(raised.source).toEqual({
      program: expect.stringMatching(/^(?:gateway|auth|integrations|reporting|billing)$/),
      host: hostname(),
      instance: expect.stringContaining(hostname()),
    });
    return { raised, resolved, others: received.slice(before).filter((one) => one.key !== key) };
  }

  it('of a subgraph that was killed', async () => {
    const { raised, resolved, others } = await breakUntilReported(
      'subgraph-unreachable reporting',
      () => processes.reporting?.stop('SIGKILL'),
      () => start('reporting'),
    );
    expect(raised.text).toMatch(/The subgraph reporting is away or not ready: answers are partial/);
    expect(raised.runbook).toBe('ops/runbooks/subgraph-unreachable.md');
    expect(resolved.text).toMatch(/Resolved after \d+ s\./);
    expect(others.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  });

  it('of PostgreSQL, by mail too while it is away, and of nothing that follows from it', async () => {
    const mailsOfAlert = () =>
      mail.received.filter(
        ({ to, parsed }) => to.includes(OPERATORS) && parsed.text?.includes('PostgreSQL cannot be reached'),
      );
    const { raised, others } = await breakUntilReported(
      'database-unreachable',
      () => toDatabase.cut(),
      async () => {
        await eventually('the alert is mailed', () => mailsOfAlert().length > 0);
        expect(mailsOfAlert()).toHaveLength(1);
        toDatabase.mend();
      },
    );
    expect(raised.text).toMatch(/PostgreSQL cannot be reached/);
    expect(others.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  });

  it('of Redis', async () => {
    const { others } = await breakUntilReported(
      'redis-unreachable',
      () => toRedis.cut(),
      () => toRedis.mend(),
    );
    expect(others.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  });

  withMongodb('of a job queue in MongoDB, which what was ordered meanwhile outlives', async () => {
    const { client } = await signUpConfirmed(new Client(url), mail, 'Nora');
    expect((await client.connect('google-ads')).status).toBe(200);
    const guest = `guest-${randomBytes(6).toString('hex')}@example.com`;
    let reportId = '';
    const order = async () => {
      const began = Date.now();
      const { data, errors } = await client.ask(
        `mutation ($guest: String!) {
          generateReport(templateId: "account-summary", range: { start: "2026-09-01", end: "2026-09-02" }) { report { id } }
          inviteMember(email: $guest, role: ANALYST) { invitation { email } }
        }`,
        { guest },
      );
      process.stdout.write(`An order and an invitation without the queue took ${Date.now() - began} ms.\n`);
      expect(errors).toBeUndefined();
      reportId = data.generateReport.report.id;
    };
    const { raised, others } = await breakUntilReported(
      'queue-unreachable',
      () => toQueue?.cut(),
      () => order().finally(() => toQueue?.mend()),
    );
    expect(raised.text).toMatch(/job queue cannot be reached/);
    expect(others.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
    expect(await finishedReport(client, reportId)).toMatchObject({ status: 'READY' });
    await eventually('the invitation is mailed', () => mail.received.some(({ to }) => to.includes(guest)));
  });

  it('of the gateway, by those that need it', async () => {
    const { raised } = await breakUntilReported(
      'gateway-unreachable',
      () => processes.gateway?.stop('SIGKILL'),
      () => start('gateway'),
    );
    expect(raised.source.program).not.toBe('gateway');
  });
});
