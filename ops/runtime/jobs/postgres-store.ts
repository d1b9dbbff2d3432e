import pg from 'pg';
import { boundedClient } from '#runtime/database/bounded-client.js';
import { isCrowded } from '#runtime/database/check-database.js';
import { Conflict } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import { watchPool } from '#runtime/telemetry/observe-pools.js';
import { handlerData, type JobStore, type StoredData, VANISHED } from './job-store.js';
import { OwnPostgresRepository } from './postgres-repository.js';

const SCHEMA = 'jobs';
/** How long a server may be silent before its connection is dropped. */
const SILENCE_TIMEOUT_MS = 35_000;
const CONNECT_TIMEOUT_MS = 10_000;
const UNIQUE_VIOLATION = '23505';

const ALIVE = '(next_run_at IS NOT NULL OR locked_at IS NOT NULL)';
const FAILED = '(failed_at IS NOT NULL AND failed_at >= last_finished_at)';
const DEAD = `(NOT ${ALIVE} AND ${FAILED})`;
/** The worker had begun the job, not only taken it. */
const BEGUN = '(last_run_at IS NOT NULL AND (last_finished_at IS NULL OR last_run_at > last_finished_at))';

/** One waiting or running job per key, besides dead letters. Duplicates of an earlier version are deleted first. */
const KEY_INDEX = `
  DO $$ BEGIN
    IF to_regclass('${SCHEMA}.agenda_jobs_key') IS NULL THEN
      DELETE FROM agenda_jobs AS later USING agenda_jobs AS earlier
      WHERE later.name = earlier.name AND later.data->>'key' = earlier.data->>'key' AND later.ctid > earlier.ctid
        AND later.next_run_at IS NOT NULL AND later.locked_at IS NULL
        AND (earlier.next_run_at IS NOT NULL OR earlier.locked_at IS NOT NULL);
      CREATE UNIQUE INDEX agenda_jobs_key ON agenda_jobs (name, (data->>'key')) WHERE ${ALIVE};
    END IF;
  END $$`;

interface DeadRow {
  id: string;
  name: string;
  data: StoredData;
  fail_reason: string | null;
  fail_count: number | null;
  failed_at: Date;
}

interface StatusRow {
  name: string;
  waiting: string;
  running: string;
  dead: string;
  oldest: Date | null;
  next: Date | null;
}

/** Opens a store in the schema `jobs` of the installation's database, which `ping` asks whether it answers. */
export function postgresStore(url: string, logger: Logger, ping?: () => Promise<unknown>): JobStore {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${SCHEMA}`,
    application_name: 'webmetrics jobs',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    max: 5,
    Client: boundedClient(SILENCE_TIMEOUT_MS),
  });
  watchPool(SCHEMA, pool);
  // Without a listener a lost idle connection would end the process; the pool replaces it.
  pool.on('error', (error) =>
    logger.warn({ reason: reasonOf(error) }, 'The job queue lost a connection to PostgreSQL'),
  );
  return {
    kind: 'PostgreSQL',
    repository: new OwnPostgresRepository(pool),
    prepare: async (connect) => {
      const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
      await lock.connect();
      try {
        // Concurrent "CREATE … IF NOT EXISTS" statements can fail.
        await lock.query("SELECT pg_advisory_lock(hashtext('webmetrics jobs'))");
        await lock.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
        await connect();
        await pool.query(KEY_INDEX);
      } finally {
        await lock.end();
      }
    },
    add: async (name, _key, data) => {
      const { rowCount } = await pool.query(
        `INSERT INTO agenda_jobs (name, type, priority, next_run_at, data) VALUES ($1, 'normal', 0, $2, $3)
         ON CONFLICT DO NOTHING`,
        [name, new Date(), JSON.stringify(data)],
      );
      return rowCount === 1;
    },
    schedule: async (name, interval, nextRunAt, latest) => {
      await pool.query(
        `INSERT INTO agenda_jobs AS job (name, type, priority, next_run_at, repeat_interval) VALUES ($1, 'single', 0, $3, $2)
         ON CONFLICT (name) WHERE type = 'single' DO UPDATE SET repeat_interval = $2, next_run_at = $3
         WHERE job.repeat_interval IS DISTINCT FROM $2
           OR (job.locked_at IS NULL AND (job.next_run_at IS NULL OR job.next_run_at > $4))`,
        [name, interval, nextRunAt, latest],
      );
    },
    find: async (name, key) => {
      const { rows } = await pool.query<{
        id: string;
        locked: boolean;
        progress: number | null;
        fail_count: number | null;
      }>(
        `SELECT id, locked_at IS NOT NULL AS locked, progress, fail_count
         FROM agenda_jobs WHERE name = $1 AND data->>'key' = $2 AND ${ALIVE}`,
        [name, key],
      );
      const [row] = rows;
      if (!row) return null;
      const { id, locked, progress, fail_count } = row;
      return {
        id,
        state: locked ? 'running' : 'waiting',
        progress: progress ?? undefined,
        failures: fail_count ?? 0,
      };
    },
    cancel: async (name, key) => {
      const { rows } = await pool.query<{ id: string }>(
        `DELETE FROM agenda_jobs WHERE name = $1 AND data->>'key' = $2 AND ${ALIVE} RETURNING id`,
        [name, key],
      );
      return rows[0]?.id;
    },
    remove: async (id) => void (await pool.query(`DELETE FROM agenda_jobs WHERE id = $1 AND NOT ${ALIVE}`, [id])),
    // The partial index frees its key by itself.
    bury: async () => {},
    reclaim: async ({ kinds, silentSince, now }) => {
      const names = kinds.map(({ name }) => name);
      // Deleted is what was done, but whose worker died before it could remove it.
      const { rows } = await pool.query<{ name: string; id: string; attempts: number; is_dead: boolean }>(
        `WITH finished AS (
           DELETE FROM agenda_jobs
           WHERE name = ANY ($1) AND type = 'normal' AND NOT ${ALIVE} AND NOT ${FAILED} AND last_finished_at <= $2)
         UPDATE agenda_jobs AS job SET
           locked_at = NULL,
           last_modified_by = NULL,
           next_run_at = CASE
             WHEN NOT ${BEGUN} THEN COALESCE(next_run_at, locked_at)
             WHEN COALESCE(fail_count, 0) + 1 < kind.max_attempts THEN locked_at
             ELSE next_run_at END,
           fail_count = CASE WHEN ${BEGUN} THEN COALESCE(fail_count, 0) + 1 ELSE fail_count END,
           fail_reason = CASE WHEN ${BEGUN} THEN $4 ELSE fail_reason END,
           failed_at = CASE WHEN ${BEGUN} THEN $5 ELSE failed_at END,
           last_finished_at = CASE WHEN ${BEGUN} THEN $5 ELSE last_finished_at END
         FROM unnest($1::text[], $3::int[]) AS kind (name, max_attempts)
         WHERE job.name = kind.name AND locked_at <= $2
         RETURNING job.name, id, COALESCE(fail_count, 0) AS attempts, next_run_at IS NULL AS is_dead`,
        [names, silentSince, kinds.map(({ maxAttempts }) => maxAttempts), VANISHED, now],
      );
      return rows.map(({ is_dead, ...job }) => ({ ...job, isDead: is_dead }));
    },
    deadLetters: async (limit, name) => {
      const { rows } = await pool.query<DeadRow>(
        `SELECT id, name, data, fail_reason, fail_count, failed_at FROM agenda_jobs
         WHERE ${DEAD} AND ($1::text IS NULL OR name = $1) ORDER BY failed_at DESC LIMIT $2`,
        [name ?? null, limit],
      );
      return rows.map(({ id, name, data, fail_reason, fail_count, failed_at }) => ({
        id,
        name,
        data: handlerData(data),
        cause: fail_reason ?? '',
        attempts: fail_count ?? 0,
        requestId: data?._job?.origin?.requestId,
        diedAt: failed_at,
      }));
    },
    replay: async (id) => {
      try {
        const { rows } = await pool.query<{ name: string }>(
          `UPDATE agenda_jobs SET next_run_at = $2, fail_count = NULL, fail_reason = NULL, failed_at = NULL, progress = NULL,
             data = data - '_postponement'
           WHERE id::text = $1 AND ${DEAD} RETURNING name`,
          [id, new Date()],
        );
        return rows[0]?.name;
      } catch (cause) {
        if ((cause as { code?: string }).code !== UNIQUE_VIOLATION) throw cause;
        throw new Conflict('Another job with the same key is in the queue: wait until it is done.', { cause });
      }
    },
    discard: async (id) => {
      const { rowCount } = await pool.query(`DELETE FROM agenda_jobs WHERE id::text = $1 AND ${DEAD}`, [id]);
      return rowCount === 1;
    },
    discardOf: async (organizationId) => {
      await pool.query(
        `DELETE FROM agenda_jobs WHERE type = 'normal'
           AND (data->>'organizationId' = $1 OR data->'_job'->'origin'->>'organizationId' = $1)`,
        [organizationId],
      );
    },
    status: async (now) => {
      const { rows } = await pool.query<StatusRow>(
        `SELECT name,
           count(*) FILTER (WHERE locked_at IS NULL AND next_run_at IS NOT NULL) AS waiting,
           count(*) FILTER (WHERE locked_at IS NOT NULL) AS running,
           count(*) FILTER (WHERE ${DEAD}) AS dead,
           min(next_run_at) FILTER (WHERE locked_at IS NULL AND next_run_at <= $1) AS oldest,
           min(next_run_at) FILTER (WHERE locked_at IS NULL) AS next
         FROM agenda_jobs GROUP BY name ORDER BY name`,
        [now],
      );
      return rows.map(({ name, waiting, running, dead, oldest, next }) => ({
        name,
        waiting: Number(waiting),
        running: Number(running),
        dead: Number(dead),
        oldestWaitingSince: oldest ?? undefined,
        nextRunAt: next ?? undefined,
      }));
    },
    ping: () => (ping && !isCrowded(pool) ? ping() : pool.query('SELECT 1')),
    close: () => pool.end(),
  };
}
