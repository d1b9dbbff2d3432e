import pg from 'pg';
import type { CompareAndSwapStore } from '#runtime/cache/atomic-store.js';
import { boundedClient } from '#runtime/database/bounded-client.js';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

/** A frozen PostgreSQL must not hold up the alert about it. */
const TIMEOUT_MS = 2_000;
/** Longer than from one look to the next. */
const IDLE_MS = 60_000;

export interface AlertStoreOptions {
  databaseUrl: string;
  logger: Logger;
  lifecycle: Lifecycle;
}

/**
 * The table `operations.alert_state`: what processes have raised together, without Redis as well. By a connection of its own, as other
 * pools are full when alerts matter most. Rejects within two seconds while the database cannot answer.
 */
export function openDatabaseAlertStore({ databaseUrl, logger, lifecycle }: AlertStoreOptions): CompareAndSwapStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: TIMEOUT_MS,
    application_name: 'webmetrics alerts',
    Client: boundedClient(TIMEOUT_MS),
  });
  // The pool replaces a lost connection by itself; without a listener it would end the process.
  pool.on('error', (error) => logger.debug({ reason: reasonOf(error) }, 'The connection of alerts was lost'));
  lifecycle.onClose('Shared alerts', () => pool.end());
  return {
    read: async (key) => {
      const { rows } = await pool.query<{ value: string }>(
        'SELECT value FROM operations.alert_state WHERE key = $1 AND expires_at > now()',
        [key],
      );
      return { value: rows[0]?.value, version: rows[0]?.value };
    },
    compareAndSwap: async (key, version, after, ttlMs) => {
      const { rowCount } = await pool.query(
        `WITH changed AS (
           INSERT INTO operations.alert_state AS known (key, value, expires_at)
           VALUES ($1, $2, now() + make_interval(secs => $3::float8 / 1000))
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
             WHERE known.value = $4 OR ($4::text IS NULL AND known.expires_at <= now())
           RETURNING 1)
         SELECT FROM changed`,
        [key, after, ttlMs, version ?? null],
      );
      return rowCount === 1;
    },
  };
}
