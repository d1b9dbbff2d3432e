import { DataSource, type EntitySchema } from 'typeorm';
import type { Alerts } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { watchDataSource } from '#runtime/telemetry/observe-pools.js';
import { boundedClient } from './bounded-client.js';
import { EffectSubscriber } from './effect-subscriber.js';
import { MIGRATION_TABLE, type Migrations, migrate } from './migrate.js';

export type { Migrations };

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
  logger: Logger;
  lifecycle: Lifecycle;
  /** Collects the open schemas. */
  databases?: Map<string, DataSource>;
  alerts: Alerts;
}

const STATEMENT_TIMEOUT_MS = 30_000;
/** For a frozen server: a working one ends the statement itself. */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens a schema of PostgreSQL, migrated to the newest version, until the lifecycle closes. */
export async function openDatabase(
  { databaseUrl, config, logger, lifecycle, alerts, databases }: DatabaseServer,
  { schema, entities, migrations, poolSize = config.databasePoolSize }: DatabaseOptions,
): Promise<DataSource> {
  await migrate({ databaseUrl, schema, migrations, logger });
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema,
    entities,
    migrations,
    migrationsTableName: MIGRATION_TABLE,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, Client: boundedClient(SILENCE_TIMEOUT_MS) },
    applicationName: `webmetrics ${schema}`,
    logging: false,
    // The pool replaces a lost connection by itself.
    poolErrorHandler: (error: Error) => {
      const message = 'A connection to PostgreSQL was lost: check that it runs and can be reached.';
      // The error has the whole client with it.
      logger.warn({ schema, reason: reasonOf(error) }, 'A connection to PostgreSQL was lost');
      alerts.raise({
        category: 'database',
        key: 'connection-lost',
        runbook: 'database-unreachable',
        message,
        error,
        details: { schema },
        isLogged: true,
        isWatched: true,
      });
    },
  });
  await dataSource.initialize();
  dataSource.subscribers.push(new EffectSubscriber());
  lifecycle.onClose(`Database of ${schema}`, () => dataSource.destroy());
  watchDataSource(schema, dataSource);
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
