import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { readComposeFile } from '#ops/testing/compose-file.js';
import { eventually } from '#ops/testing/eventually.js';
import { databaseAt, newDatabase, testService } from '#ops/testing/test-services.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { type Balancer, startBalancer } from './balancer.js';
import { Client } from './client.js';
import { type ComposeProcess, startService } from './compose-processes.js';
import { freePort, newFolder, startProcess } from './start-process.js';
import { finishedReport } from './tenant.js';

// The commands and settings of docker-compose.yml as plain processes of this machine: two gateways behind a balancer, four
// subgraphs, two workers. What is not as in the containers: addresses and ports, databases without passwords, and the
// providers, which are simulated behind the same settings that usually lead to the real ones.

const dashboard = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const range = { start: '2026-10-01', end: '2026-10-31' };
const otherRange = { start: '2026-09-01', end: '2026-09-30' };

/** Eight processes on a machine that is busy with other tests. */
const START_TIMEOUT_MS = 180_000;

const redisUrl = testService('REDIS');
const mongodbUrl = testService('MONGODB');
const without = [!redisUrl && 'Redis', !mongodbUrl && 'MongoDB'].filter(Boolean);

const secret = () => randomBytes(32).toString('hex');
const hostOf = (url: string) => new URL(url).host;

/** Returns the address of a database for a new role with the rights that create-role.sh gives. */
async function ordinaryRole(url: string): Promise<string> {
  const role = `compose_${randomBytes(6).toString('hex')}`;
  const password = secret();
  const rights = /CREATE ROLE webmetrics ([A-Z ]+) PASSWORD/.exec(
    readFileSync(join(projectRoot, 'ops', 'docker', 'create-role.sh'), 'utf8'),
  )?.[1];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE ROLE ${role} ${rights} PASSWORD '${password}'`);
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO ${role}`);
  await client.end();
  return Object.assign(new URL(url), { username: role, password }).href;
}

function settings(publicUrl: string, { url }: Simulator): Record<string, string> {
  return {
    POSTGRES_PASSWORD: secret(),
    REDIS_PASSWORD: secret(),
    MONGO_PASSWORD: secret(),
    JWT_SECRET: secret(),
    ...Object.fromEntries(subgraphNames.map((name) => [`INTERNAL_KEY_${name.toUpperCase()}`, secret()])),
    TOKEN_ENCRYPTION_KEY: secret(),
    OPERATOR_TOKEN: secret(),
    MAIL_BOUNCE_TOKEN: secret(),
    BACKUP_ENCRYPTION_KEY: secret(),
    PUBLIC_URL: publicUrl,
    ALLOWED_ORIGINS: 'https://app.example.com',
    DATABASE_POOL_SIZE: '4',
    // Sign-ups here read no mail.
    SIGN_UP_CONFIRMATION: 'off',
    // All processes share the cores of one machine here.
    PROVIDER_TIMEOUT_MS: '50000',
    GOOGLE_CLIENT_ID: 'webmetrics-simulator',
    GOOGLE_CLIENT_SECRET: 'webmetrics-simulator-secret',
    GOOGLE_OAUTH_AUTH_BASE: `${url}/accounts.google.com`,
    GOOGLE_OAUTH_TOKEN_BASE: `${url}/oauth2.googleapis.com`,
    GOOGLE_ADS_BASE: `${url}/googleads.googleapis.com`,
    META_CLIENT_ID: 'webmetrics-simulator',
    META_CLIENT_SECRET: 'webmetrics-simulator-secret',
    META_GRAPH_BASE: `${url}/graph.facebook.com`,
    META_DIALOG_BASE: `${url}/www.facebook.com`,
  };
}

describe(`the commands of docker-compose.yml${without.length > 0 ? `, without ${without.join(' and ')}` : ''}`, () => {
  const processes: ComposeProcess[] = [];
  const mongodbName = `compose_${randomBytes(6).toString('hex')}`;
  const mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => void stream.resume().on('end', done),
  });
  let databaseUrl: string;
  /** As the programs connect: not as a superuser. */
  let programUrl: string;
  let simulator: Simulator;
  let balancer: Balancer;
  let person: Client;

  const running = (service: string) =>
    processes.filter(
      (process) => process.service === service && process.child.exitCode === null && process.child.signalCode === null,
    );
  const gatewayUrl = (index: number) => `http://127.0.0.1:${running('gateway')[index]?.port}`;

  async function query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return (await client.query<Row>(sql, values).finally(() => client.end())).rows;
  }

  /** Moves the locks and leases of stopped workers hours into the past, in every database. */
  async function ageClaims(): Promise<void> {
    await query(`UPDATE reporting.report SET claimed_at = claimed_at - interval '1 hour' WHERE status = 'RUNNING'`);
    const earlier = new Date(Date.now() - 60 * 60 * 1000);
    if (mongodbUrl) {
      const client = await new MongoClient(mongodbUrl).connect();
      await client
        .db(mongodbName)
        .collection('agendaJobs')
        .updateMany({ lockedAt: { $ne: null } }, { $set: { lockedAt: earlier } })
        .finally(() => client.close());
    } else {
      await query('UPDATE jobs.agenda_jobs SET locked_at = $1 WHERE locked_at IS NOT NULL', [earlier]);
    }
  }

  beforeAll(async () => {
    databaseUrl = await newDatabase();
    programUrl = await ordinaryRole(databaseUrl);
    simulator = await startSimulator({ quiet: true });
    mail.listen(0, '127.0.0.1');
    await once(mail.server, 'listening');
    const gatewayPorts = [await freePort(), await freePort()];
    balancer = await startBalancer(gatewayPorts);
    const services = readComposeFile(settings(balancer.url, simulator));
    for (const { environment } of Object.values(services)) {
      // A database of its own there: what other tests cache or count is not this installation's.
      environment.REDIS_URL = redisUrl ? `redis://${hostOf(redisUrl)}/7` : '';
      environment.MONGODB_URL = mongodbUrl ? databaseAt(mongodbUrl, mongodbName) : '';
      environment.DATABASE_URL = programUrl;
    }
    const ports = new Map<string, number>();
    for (const name of subgraphNames) ports.set(name, await freePort());
    const addresses = {
      ...Object.fromEntries(
        subgraphNames.map((name, index) => [`http://${name}:${4001 + index}/`, `http://127.0.0.1:${ports.get(name)}/`]),
      ),
      'http://gateway:8080/': `${balancer.url}/`,
      'mail:1025': `127.0.0.1:${(mail.server.address() as { port: number }).port}`,
    };
    const start = async (name: string, port?: number) => {
      const definition = services[name];
      if (!definition) throw new Error(`There is no service ${name}.`);
      processes.push(await startService(name, definition, addresses, port));
    };
    // As in depends_on: a gateway once its subgraphs are ready. Two at a time, as small machines have two cores.
    await Promise.all([start('auth', ports.get('auth')), start('integrations', ports.get('integrations'))]);
    await Promise.all([start('reporting', ports.get('reporting')), start('billing', ports.get('billing'))]);
    await Promise.all(gatewayPorts.map((port) => start('gateway', port)));
    await Promise.all(Array.from({ length: services.worker?.replicas ?? 0 }, () => start('worker')));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    for (const { child, stop } of processes) {
      child.kill('SIGCONT');
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
    }
    await balancer?.close();
    await simulator?.close();
    await new Promise<void>((resolve) => mail.close(() => resolve()));
    if (mongodbUrl) {
      const client = await new MongoClient(mongodbUrl).connect();
      await client.db(mongodbName).dropDatabase();
      await client.close();
    }
  });

  it('are eight processes, and each passes its own health check', async () => {
    expect(processes.map(({ service }) => service).sort()).toEqual(
      [...subgraphNames, 'gateway', 'gateway', 'worker', 'worker'].sort(),
    );
    for (const { service, checkHealth } of processes) {
      expect([service, await checkHealth()]).toEqual([service, 0]);
    }
  });

  it('sign a user up, connect both providers, and answer one dashboard through both gateways', async () => {
    person = (await new Client(gatewayUrl(0)).signUp('Ada')).client;
    for (const providerId of ['google-ads', 'meta-ads']) {
      const callback = await person.connect(providerId);
      expect([callback.status, await callback.text()]).toEqual([200, expect.stringContaining(providerId)]);
    }
    const answers = [];
    const { data } = await new Client(gatewayUrl(0)).ask('{ __typename }');
    expect(data).toEqual({ __typename: 'Query' });
    for (const index of [0, 1]) answers.push(await person.at(gatewayUrl(index)).ask(dashboard, { range }));
    const [first, second] = answers;
    expect(first?.errors).toBeUndefined();
    expect(first?.data.me.organization.connections).toHaveLength(2);
    expect(first?.data.me.organization.subscription.status).toBe('TRIALING');
    expect(second?.data).toEqual(first?.data);
  });

  it('make an ordered report to its end, though the worker and the gateway it needs are killed meanwhile', async () => {
    // The other worker looks away, so that it is known who has the report.
    const [busy, idle] = running('worker');
    idle?.child.kill('SIGSTOP');
    await fetch(`${simulator.url}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'google-ads', kind: 'latency', latencyMs: 2_000, times: 12 }),
    });
    const survivor = person.at(gatewayUrl(1));
    const { data, errors } = await survivor.ask(
      /* GraphQL */ `mutation ($range: DateRangeInput!) {
        generateReport(templateId: "campaign-performance", range: $range) { report { id } }
      }`,
      { range: otherRange },
    );
    expect(errors).toBeUndefined();
    const { id } = data.generateReport.report;
    const attempts = async () => {
      const [report] = await query<{ attempts: number }>('SELECT attempts FROM reporting.report WHERE id = $1', [id]);
      return report?.attempts ?? 0;
    };
    await eventually('it is being made', async () => (await attempts()) >= 1);
    await busy?.stop('SIGKILL');
    idle?.child.kill('SIGCONT');
    await ageClaims();
    await eventually('it is being made again', async () => (await attempts()) >= 2);
    await running('gateway')[0]?.stop('SIGKILL');

    const report = await finishedReport(survivor, id);
    expect(report).toMatchObject({ status: 'READY', progress: 100 });
    const download = await fetch(report.downloadUrl);
    const [, ...lines] = (await download.text()).trim().split('\r\n');
    const rows = lines.filter((line) => line.split(',')[1] !== 'manifest');
    expect([download.status, rows.length]).toEqual([200, report.rowCount]);
    expect(rows.length).toBeGreaterThan(100);
  });

  it('back the database up with the secrets of a backup alone', async () => {
    const data = newFolder();
    const environment = {
      ...{ NODE_ENV: 'production', DATA_DIR: data, BACKUP_DIR: join(data, 'backups') },
      ...{ DATABASE_URL: programUrl, BACKUP_ENCRYPTION_KEY: secret() },
    };
    const { child, output } = await startProcess('ops/setup/backup.js', [], { environment });
    expect([child.exitCode, output()]).toEqual([0, expect.stringContaining('Backed up')]);
    expect(existsSync(join(data, 'secrets.json'))).toBe(false);
  });

  it('still answer, and all end with status 0 on SIGTERM', async () => {
    const { data, errors } = await person.at(gatewayUrl(0)).ask(dashboard, { range });
    expect(errors).toBeUndefined();
    expect(data.me.organization.reports.edges).toHaveLength(1);
    const left = [...running('gateway'), ...running('worker'), ...subgraphNames.flatMap(running)];
    expect(left).toHaveLength(6);
    const statuses = await Promise.all(left.map(async ({ service, stop }) => [service, await stop()]));
    expect(statuses).toEqual(left.map(({ service }) => [service, 0]));
  });
});
