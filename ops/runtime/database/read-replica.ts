import pg from 'pg';
import type { DataSource } from 'typeorm';
import { watchPool } from '#runtime/telemetry/observe-pools.js';
import { boundedClient } from './bounded-client.js';
import type { DatabaseServer } from './database.js';

/** Where statements read that may lag behind what was written. */
export type LaggingReads = Pick<DataSource, 'query'>;

const STATEMENT_TIMEOUT_MS = 30_000;
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** The primary can answer instead: no reader waits for long. */
const CONNECT_TIMEOUT_MS = 2_000;
/** How long a replica that could not be used is left alone. */
const PAUSE_MS = 15_000;

/**
 * What a statement that is right on the primary may meet on a replica: it is stopped or starting (class 57), out of
 * connections (53), in conflict with what it replays (40001), or has not replayed a migration yet (undefined table, column or
 * schema). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const REPLICA_CODES = /^(08|53|57)|^(40001|42P01|42703|3F000|25006)$/;

function isOfReplica(error: unknown): boolean {
  const { code } = error as { code?: string };
  // Without an SQLSTATE, the connection failed.
  return !code || !/^[0-9A-Z]{5}$/.test(code) || REPLICA_CODES.test(code);
}

/**
 * Opens the reads of a schema that may lag: those of the replica at `DATABASE_READ_URL`, and of the primary while there is none
 * or it cannot answer. Closed with the lifecycle.
 */
export function openLaggingReads(
  { config, lifecycle, alerts }: Pick<DatabaseServer, 'config' | 'lifecycle' | 'alerts'>,
  schema: string,
  primary: DataSource,
): LaggingReads {
  if (!config.databaseReadUrl) return primary;
  const pool = new pg.Pool({
    connectionString: config.databaseReadUrl,
    max: config.databasePoolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    options: '-c default_transaction_read_only=on',
    application_name: `webmetrics ${schema} reads`,
    Client: boundedClient(SILENCE_TIMEOUT_MS),
  });
  lifecycle.onClose(`Read replica of ${schema}`, () => pool.end());
  watchPool(`${schema} reads`, pool);
  let pausedUntil = 0;
  function report(error: unknown): void {
    pausedUntil = performance.now() + PAUSE_MS;
    const message =
      'The read replica cannot answer; the primary does: check that DATABASE_READ_URL is right and can be reached.';
    const kind = { category: 'database', key: 'read-replica', runbook: 'read-replica-unreachable' } as const;
    alerts.raise({ ...kind, message, error, details: { schema } });
  }
  // The pool replaces a lost connection by itself; without a listener it would end the process.
  pool.on('error', report);
  return {
    async query(text: string, values?: unknown[]) {
      if (performance.now() < pausedUntil) return primary.query(text, values);
      try {
        return (await pool.query(text, values)).rows;
      } catch (error) {
        if (!isOfReplica(error)) throw error;
        report(error);
        return primary.query(text, values);
      }
    },
  } as LaggingReads;
}
