import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { Alerts } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { watchDataSource } from '#runtime/telemetry/observe-pools.js';
import { boundedClient } from './bounded-client.js';

/** The changes that made a schema what it is, oldest first. */
export type Migrations = (new () => MigrationInterface)[];

export interface DatabaseOptions {
  /** The PostgreSQL schema a subgraph keeps to itself. */
  schema: string;
  entities: EntitySchema[];
  /** Oldest first. */
  migrations: Migrations;
  /** Connections at the most; undefined = as configured. */
  poolSize?: number;
}

/** What opening a database takes. */
export interface DatabaseServer {
  databaseUrl: string;
  config: Config;
  lifecycle: Lifecycle;
  /** Where each open schema is noted; absent = nowhere. */
  databases?: Map<string, DataSource>;
  alerts: Alerts;
}

const STATEMENT_TIMEOUT_MS = 30_000;
/** For a server that is frozen: one that works ends the statement itself. */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings one schema up to date. Several processes may try at once: they take turns, and the later ones find nothing
 * left to do.
 */
async function migrate(dataSource: DataSource, url: string, schema: string): Promise<void> {
  const turn = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A server that goes away meanwhile fails the statements below; unheard, it would end the process.
  turn.on('error', () => {});
  await turn.connect();
  try {
    await turn.query("SELECT pg_advisory_lock(hashtext('webmetrics migrations ' || $1))", [schema]);
    await turn.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await turn.end();
  }
}

/** Opens one schema of PostgreSQL, migrated to the newest version. Closed by the lifecycle of the services. */
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
  lifecycle.onClose(`Database of ${schema}`, () => dataSource.destroy());
  watchDataSource(schema, dataSource);
  await migrate(dataSource, databaseUrl, schema);
  databases?.set(schema, dataSource);
  return dataSource;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `id` can be the id of a row at all: asking PostgreSQL for anything else is an error, not "not found". */
export function isRowId(id: unknown): id is string {
  return typeof id === 'string' && UUID.test(id);
}

/** Whether an error is PostgreSQL's refusal of a second row with the same unique value (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { driverError?: { code?: string } }).driverError?.code === '23505';
}
