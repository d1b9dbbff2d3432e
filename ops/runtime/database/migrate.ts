import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type Migration, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { ConfigurationError } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';

/** The migrations of a schema, oldest first. */
export type Migrations = (new () => MigrationInterface)[];

/** The table in each schema with the names of its executed migrations. */
export const MIGRATION_TABLE = 'migration';

export interface MigrateOptions {
  databaseUrl: string;
  schema: string;
  migrations: Migrations;
  logger: Logger;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Everybody else who wants the table queues behind a statement that waits for its lock: it waits no longer than this. */
const LOCK_TIMEOUT_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;
/** SQLSTATE lock_not_available and deadlock_detected. */
const BUSY = new Set(['55P03', '40P01']);

/** Returns the name under which a migration is recorded. */
export const migrationName = (Migration: Migrations[number]): string => new Migration().name ?? Migration.name;

/** Returns the names of the executed migrations of a schema, oldest first; none where the schema does not exist. */
export async function executedMigrations(client: pg.Client, schema: string): Promise<string[]> {
  const table = `"${schema}".${MIGRATION_TABLE}`;
  const found = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
  if (!found.rows[0]?.exists) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`);
  return rows.map(({ name }) => name);
}

const isBusy = (error: unknown) => BUSY.has((error as { driverError?: { code?: string } }).driverError?.code ?? '');

/** Executes one migration in a transaction of its own, and tries again while a table it needs is locked. */
async function execute(queryRunner: QueryRunner, migration: Migration, { schema, logger }: MigrateOptions) {
  const executor = new MigrationExecutor(queryRunner.connection, queryRunner);
  const beganAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    try {
      await queryRunner.startTransaction();
      await queryRunner.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await queryRunner.query('SET LOCAL statement_timeout = 0');
      await executor.executeMigration(migration);
      await queryRunner.commitTransaction();
      return performance.now() - startedAt;
    } catch (error) {
      if (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
      if (!isBusy(error)) throw error;
      const { name } = migration;
      if (performance.now() - beganAt > GIVE_UP_AFTER_MS) {
        const message = `The migration ${name} of ${schema} did not get its locks within ${GIVE_UP_AFTER_MS / 60_000} minutes: end the`;
        throw new ConfigurationError(`${message} long transactions (pg_stat_activity), and try again.`, {
          cause: error,
        });
      }
      const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      logger.warn({ schema, migration: name, attempt, pauseMs: Math.round(pauseMs) }, 'Migration waits for a lock');
      await wait(pauseMs);
    }
  }
}

async function executePending(options: MigrateOptions, isNew: boolean): Promise<void> {
  const { databaseUrl, schema, migrations, logger } = options;
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema,
    migrations,
    migrationsTableName: MIGRATION_TABLE,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize: 1,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: `webmetrics migrations of ${schema}`,
    logging: false,
  });
  await dataSource.initialize();
  const queryRunner = dataSource.createQueryRunner();
  try {
    const pending = await new MigrationExecutor(dataSource, queryRunner).getPendingMigrations();
    let totalMs = 0;
    for (const migration of pending) {
      const ms = await execute(queryRunner, migration, options);
      totalMs += ms;
      if (!isNew) logger.info({ schema, migration: migration.name, ms: Math.round(ms) }, 'Migration executed');
    }
    if (isNew) logger.info({ schema, migrations: pending.length, ms: Math.round(totalMs) }, 'Schema created');
  } finally {
    await queryRunner.release();
    await dataSource.destroy();
  }
}

/**
 * Brings a schema to its newest version, and returns the names of the migrations it executed, each in a transaction of its own: what is
 * done stays done when a later one fails. Concurrent processes take turns, on an advisory lock. A statement waits two seconds for the
 * lock of a table, then for a growing pause, so that a long reader delays the migration and nobody else; throws ConfigurationError
 * after 15 minutes of that. Statements have no other limit of time.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { databaseUrl, schema, migrations } = options;
  const lock = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A lost connection fails the statements below; without a listener it would also end the process.
  lock.on('error', () => {});
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock(hashtext('webmetrics migrations ' || $1))", [schema]);
    const executed = new Set(await executedMigrations(lock, schema));
    const pending = migrations.map(migrationName).filter((name) => !executed.has(name));
    await lock.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    if (pending.length > 0) await executePending(options, executed.size === 0);
    return pending;
  } finally {
    await lock.end();
  }
}
