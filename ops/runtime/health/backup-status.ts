import type { DataSource } from 'typeorm';

/** The state of backups and restore drills, times as ISO 8601. */
export interface BackupStatus {
  /** The newest that succeeded; null = none did. */
  lastBackup: { finishedAt: string; file: string | null; bytes: number | null; rows: number | null } | null;
  isLastBackupOk: boolean | null;
  /** The newest drill that succeeded; null = none did. */
  lastVerifiedRestore: {
    finishedAt: string;
    recoverySeconds: number | null;
    recoveryPointSeconds: number | null;
  } | null;
  isLastRestoreOk: boolean | null;
}

/** SQLSTATE undefined_table. */
const UNDEFINED_TABLE = '42P01';

interface Attempt {
  isOk: boolean;
  row: Record<string, unknown>;
}

function noneWithoutTable(error: unknown): Attempt[] {
  if ((error as { driverError?: { code?: string } }).driverError?.code === UNDEFINED_TABLE) return [];
  throw error;
}

/**
 * Returns the newest attempt and the newest that succeeded. Reads the table whatever columns it has: a process may be
 * older or newer than the schema.
 */
async function readAttempts(operations: DataSource, table: 'backup' | 'restore_drill') {
  const attempts = `
    WITH attempt AS (
      SELECT to_jsonb(one) AS row, one.finished_at,
        coalesce((to_jsonb(one) ->> 'ok')::boolean, to_jsonb(one) ->> 'error' IS NULL) AS is_ok
      FROM operations.${table} one WHERE one.finished_at IS NOT NULL
    )
    SELECT row, is_ok AS "isOk" FROM attempt`;
  const [newest] = await operations
    .query<Attempt[]>(`${attempts} ORDER BY finished_at DESC LIMIT 1`)
    .catch(noneWithoutTable);
  if (!newest || newest.isOk) return { newest, newestOk: newest };
  const [newestOk] = await operations.query<Attempt[]>(`${attempts} WHERE is_ok ORDER BY finished_at DESC LIMIT 1`);
  return { newest, newestOk };
}

const numberOr = (value: unknown) => (typeof value === 'number' ? value : null);
const textOr = (value: unknown) => (typeof value === 'string' ? value : null);
const finishedAt = ({ row }: Attempt) => new Date(String(row.finished_at)).toISOString();

/** Returns the state of backups and restore drills. */
export async function readBackupStatus(operations: DataSource): Promise<BackupStatus> {
  const backup = await readAttempts(operations, 'backup');
  const drill = await readAttempts(operations, 'restore_drill');
  return {
    lastBackup: backup.newestOk
      ? {
          finishedAt: finishedAt(backup.newestOk),
          file: textOr(backup.newestOk.row.file),
          bytes: numberOr(backup.newestOk.row.bytes),
          rows: numberOr(backup.newestOk.row.rows),
        }
      : null,
    isLastBackupOk: backup.newest?.isOk ?? null,
    lastVerifiedRestore: drill.newestOk
      ? {
          finishedAt: finishedAt(drill.newestOk),
          recoverySeconds: numberOr(drill.newestOk.row.recovery_seconds),
          recoveryPointSeconds: numberOr(drill.newestOk.row.recovery_point_seconds),
        }
      : null,
    isLastRestoreOk: drill.newest?.isOk ?? null,
  };
}
