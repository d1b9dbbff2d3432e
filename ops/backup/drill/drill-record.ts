import type { DataSource } from 'typeorm';
import type { Services } from '#runtime/services.js';

/** The result of a restore drill. */
export interface DrillRecord {
  startedAt: Date;
  finishedAt: Date;
  file: string | undefined;
  /** Time to restore and compare. */
  recoverySeconds: number | undefined;
  /** Age of the backup. */
  recoveryPointSeconds: number | undefined;
  tables: number | undefined;
  rows: number | undefined;
  invariants: number | undefined;
  /** undefined = success. */
  error: string | undefined;
}

/** Saves the result of a drill. */
export async function recordDrill(operations: DataSource, drill: DrillRecord): Promise<void> {
  const { startedAt, finishedAt, file, recoverySeconds, recoveryPointSeconds, tables, rows, invariants, error } = drill;
  await operations.query(
    `INSERT INTO operations.restore_drill (started_at, finished_at, file, recovery_seconds, recovery_point_seconds,
       tables, rows, invariants, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [startedAt, finishedAt, file, recoverySeconds, recoveryPointSeconds, tables, rows, invariants, error],
  );
}

interface DrillRow {
  started_at: Date;
  finished_at: Date;
  file: string | null;
  recovery_seconds: number | null;
  recovery_point_seconds: number | null;
  tables: number | null;
  rows: string | null;
  invariants: number | null;
  error: string | null;
}

/** Returns the newest drill, successful or not. */
export async function lastDrill({ operations }: Pick<Services, 'operations'>): Promise<DrillRecord | undefined> {
  const [row] = await operations.query<DrillRow[]>(
    'SELECT * FROM operations.restore_drill ORDER BY started_at DESC LIMIT 1',
  );
  if (!row) return undefined;
  return {
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    file: row.file ?? undefined,
    recoverySeconds: row.recovery_seconds ?? undefined,
    recoveryPointSeconds: row.recovery_point_seconds ?? undefined,
    tables: row.tables ?? undefined,
    rows: row.rows === null ? undefined : Number(row.rows),
    invariants: row.invariants ?? undefined,
    error: row.error ?? undefined,
  };
}
