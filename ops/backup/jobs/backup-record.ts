import type pg from 'pg';
import type { Services } from '#runtime/services.js';

export interface BackupRecord {
  startedAt: Date;
  /** undefined = in progress or killed. */
  finishedAt: Date | undefined;
  file: string | undefined;
  locations: string[];
  bytes: number | undefined;
  rows: number | undefined;
  sha256: string | undefined;
  error: string | undefined;
}

interface BackupRow {
  started_at: Date;
  finished_at: Date | null;
  file: string | null;
  location: string | null;
  bytes: string | null;
  rows: string | null;
  sha256: string | null;
  error: string | null;
}

const numberOf = (text: string | null) => (text === null ? undefined : Number(text));

/** Returns the newest successful backup recorded in this database. */
export async function lastBackup({ operations }: Pick<Services, 'operations'>): Promise<BackupRecord | undefined> {
  const [row] = await operations.query<BackupRow[]>(
    `SELECT * FROM operations.backup WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY started_at DESC LIMIT 1`,
  );
  if (!row) return undefined;
  return {
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    file: row.file ?? undefined,
    locations: row.location?.split('\n') ?? [],
    bytes: numberOf(row.bytes),
    rows: numberOf(row.rows),
    sha256: row.sha256 ?? undefined,
    error: row.error ?? undefined,
  };
}

/** The recorded data of a completed backup. */
export interface BackupFacts {
  file: string;
  locations: string[];
  bytes: number;
  rows: number;
  tables: string[];
  sha256: string;
}

export interface BackupRun {
  succeed(facts: BackupFacts): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** Databases of older versions lack the table, and are backed up before an update. */
async function hasRecords(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>("SELECT to_regclass('operations.backup') IS NOT NULL AS has");
  return rows[0]?.has ?? false;
}

/** Records the start of a backup. Requires the backup lock: attempts without an end were interrupted. */
export async function recordBackup(client: pg.ClientBase, startedAt: Date): Promise<BackupRun> {
  if (!(await hasRecords(client))) return { succeed: async () => {}, fail: async () => {} };
  await client.query(
    `UPDATE operations.backup SET finished_at = $1, error = 'Its process ended before it did.' WHERE finished_at IS NULL`,
    [startedAt],
  );
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO operations.backup (started_at) VALUES ($1) RETURNING id',
    [startedAt],
  );
  const id = rows[0]?.id;
  return {
    succeed: async ({ file, locations, bytes, rows, tables, sha256 }) => {
      await client.query(
        `UPDATE operations.backup SET finished_at = clock_timestamp(), file = $2, location = $3, bytes = $4, rows = $5,
           tables = $6, sha256 = $7 WHERE id = $1`,
        [id, file, locations.join('\n'), bytes, rows, tables, sha256],
      );
    },
    fail: async (error) => {
      await client.query('UPDATE operations.backup SET finished_at = clock_timestamp(), error = $2 WHERE id = $1', [
        id,
        (error as Error).message || String(error),
      ]);
    },
  };
}

/** Returns the tables of the newest successful backup, if recorded. */
export async function tablesOfLastBackup(client: pg.ClientBase): Promise<string[] | undefined> {
  if (!(await hasRecords(client))) return undefined;
  const { rows } = await client.query<{ tables: string[] }>(
    `SELECT tables FROM operations.backup WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY started_at DESC LIMIT 1`,
  );
  return rows[0]?.tables;
}
