import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { Alerts } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { watchDataSource } from '#runtime/telemetry/observe-pools.js';
import { boundedClient } from './bounded-client.js';
import { EffectSubscriber } from './effect-subscriber.js';

/** The migrations of a schema, oldest first. */
export type Migrations = (new () => MigrationInterface)[];

export interface DatabaseOptions {
  schema: string;
  entities: EntitySchema[];
  migrations: Migrations;
  /** undefined = as configured. */
  poolSize?: number;
}

export interface DatabaseServer {
  databaseUrl: string;
  config: Config;
  lifecycle: Lifecycle;
  /** Collects the open schemas. */
  databases?: Map<string, DataSource>;
  alerts: Alerts;
}

const STATEMENT_TIMEOUT_MS = 30_000;
/** For a frozen server: a working one ends the statement itself. */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

// Concurrent processes take turns, on an advisory lock.
async function migrate(dataSource: DataSource, url: string, schema: string): Promise<void> {
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A lost connection fails the statements below; without a listener it would also end the process.
  lock.on('error', () => {});
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock(hashtext('webmetrics migrations ' || $1))", [schema]);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await lock.end();
  }
}

/** Opens a schema of PostgreSQL, migrated to the newest version, until the lifecycle closes. */
export async function openDatabase(
  { databaseUrl, config, lifecycle, alerts, databases }: DatabaseServer,
  { schema, entities, migrations, poolSize = config.databasePoolSize }: DatabaseOptions,
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema,
    entities,
    migrations,
    migrationsTableName: 'migration',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, Client: boundedClient(SILENCE_TIMEOUT_MS) },
    applicationName: `webmetrics ${schema}`,
    logging: false,
    // The pool replaces a lost connection by itself.
    poolErrorHandler: (error) => {
      const message = 'A connection to PostgreSQL was lost: check that it runs and can be reached.';
      alerts.raise({ category: 'database', key: 'connection-lost', message, error, details: { schema } });
    },
  });
  await dataSource.initialize();
  dataSource.subscribers.push(new EffectSubscriber());
  lifecycle.onClose(`Database of ${schema}`, () => dataSource.destroy());
  watchDataSource(schema, dataSource);
  await migrate(dataSource, databaseUrl, schema);
  databases?.set(schema, dataSource);
  return dataSource;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `id` is a UUID: PostgreSQL answers a query for anything else with an error, not with no row. */
export function isRowId(id: unknown): id is string {
  return typeof id === 'string' && UUID.test(id);
}

/** Whether an error is PostgreSQL's unique_violation (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { driverError?: { code?: string } }).driverError?.code === '23505';
}
