import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Alerts } from '#runtime/alert.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import type { Access } from '#runtime/entitlements/entitlement.js';
import { Entitlements, publishEntitlement } from '#runtime/entitlements/entitlements.js';
import { createLogger, type Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import {
  type BaseServices,
  type BaseServicesOptions,
  openBaseServices,
  openServices,
  type Services,
} from '#runtime/services.js';
import { openUnsoldServices } from './unsold-services.js';

/** A service global-setup.js started, if any. */
export function testService(name: 'POSTGRES' | 'REDIS' | 'MONGODB'): string | undefined {
  // biome-ignore lint/style/noProcessEnv: how Jest passes values from its global setup to the tests
  return process.env[`TEST_${name}_URL`];
}

function serverUrl(): string {
  const server = testService('POSTGRES');
  if (!server) throw new Error('Run the tests with `npm test`: it starts PostgreSQL.');
  return server;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const databaseUrl = (name: string) => Object.assign(new URL(serverUrl()), { pathname: name }).href;
const newName = () => `test_${randomUUID().replaceAll('-', '')}`;

/** Creates a database by copying files, the quickest way; PostgreSQL 14 has no other. */
async function createDatabase(client: pg.Client, name: string, template = 'template1'): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS version`);
  const strategy = rows[0].version >= 150_000 ? 'STRATEGY FILE_COPY' : '';
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} ${strategy}`);
}

/** Returns the URL of a new, empty database for this test run. */
export async function newDatabase(): Promise<string> {
  const name = newName();
  await onServer((client) => createDatabase(client, name));
  return databaseUrl(name);
}

const TEMPLATE = 'migrated';

/** Makes the template: every subgraph's schema and the job queue's tables, without rows. */
async function makeTemplate(client: pg.Client): Promise<void> {
  const { subgraphs } = await import('#subgraphs/index.js');
  await client.query(`CREATE DATABASE ${TEMPLATE}_unfinished`);
  const services = await openTestServices({ environment: { DATABASE_URL: databaseUrl(`${TEMPLATE}_unfinished`) } });
  for (const load of Object.values(subgraphs)) await (await load()).open(services);
  await services.lifecycle.close();
  await client.query(`ALTER DATABASE ${TEMPLATE}_unfinished RENAME TO ${TEMPLATE}`);
}

/** Returns the URL of a new, fully migrated database. Copying a template takes a tenth of the work of migrating. */
export async function newMigratedDatabase(): Promise<string> {
  const name = newName();
  await onServer(async (client) => {
    const exists = () => client.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if ((await exists()).rowCount === 0) {
      await client.query("SELECT pg_advisory_lock(hashtext('template'))");
      if ((await exists()).rowCount === 0) await makeTemplate(client);
      await client.query("SELECT pg_advisory_unlock(hashtext('template'))");
    }
    await createDatabase(client, name, TEMPLATE);
  });
  return databaseUrl(name);
}

/** Returns the address of the database `name` on `server`, whatever it named. */
export function databaseAt(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

/** Drops a database and ends the connections to it. */
export async function dropDatabase(url: string): Promise<void> {
  await onServer((client) => client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`));
}

export interface TestServicesOptions extends Partial<Omit<BaseServicesOptions, 'config' | 'lifecycle'>> {
  /** Settings on top of the test defaults. */
  environment?: Environment;
  logger?: Logger;
  /** Whether organizations have the plan that is stored for them; by default the installation sells nothing, and none is bounded. */
  isSold?: boolean;
}

/** Opens base services over their own database and folder. Close with `lifecycle.close()`. */
export async function openTestBaseServices({
  environment,
  logger,
  isSold: _,
  ...options
}: TestServicesOptions = {}): Promise<BaseServices> {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
  const ownDatabase = environment?.DATABASE_URL ? undefined : await newMigratedDatabase();
  const config = parseConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: ownDatabase,
    DATABASE_POOL_SIZE: '4',
    ...environment,
  });
  const quiet = logger ?? createLogger({ level: 'silent', isPretty: false });
  const lifecycle = new Lifecycle(quiet);
  if (ownDatabase) lifecycle.onClose('Test database', () => dropDatabase(ownDatabase));
  lifecycle.onClose('Data folder', () => rmSync(dataDir, { recursive: true, force: true }));
  return openBaseServices({ ...options, config, logger: quiet, lifecycle });
}

/** Opens a subgraph's services for a test. Close with `lifecycle.close()`. */
export async function openTestServices(options: TestServicesOptions = {}): Promise<Services> {
  const base = await openTestBaseServices(options);
  if (!options.isSold) return openUnsoldServices(base);
  const services = await openServices(base);
  const { operations, now } = services;
  return { ...services, entitlements: new Entitlements({ operations, now, isSold: true }) };
}

/** Gives an organization a plan from now on: one that a test outgrows, or a smaller one than its trial. */
export async function givePlan(
  { operations, entitlements, now }: Pick<Services, 'operations' | 'entitlements' | 'now'>,
  { organizationId, planId, access = 'FULL' }: { organizationId: string; planId: string; access?: Access },
): Promise<void> {
  await publishEntitlement(operations, { organizationId, planId, access, next: null, kept: {} }, now());
  entitlements.forget(organizationId);
}

/** Alerts without a channel. */
export const noAlerts: Alerts = { raise: () => {}, close: async () => {} };
