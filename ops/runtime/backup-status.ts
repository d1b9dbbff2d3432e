import type { DataSource } from 'typeorm';

/** What is known of backups, times as ISO 8601. */
export interface BackupStatus {
  /** The newest one that succeeded; null = there is none. */
  lastBackup: { finishedAt: string; file: string; bytes: number; rows: number } | null;
  /** How the newest attempt failed; null = it did not. */
  lastBackupError: string | null;
  /** The newest restore drill that found everything in order; null = there is none. */
  lastVerifiedRestore: { finishedAt: string; recoverySeconds: number; recoveryPointSeconds: number } | null;
  /** Whether the newest restore drill found everything in order; null = there was none. */
  lastRestoreOk: boolean | null;
}

type Row = Record<string, unknown>;

/** Returns the rows, or none where the table does not exist: one that was not migrated yet has no backups either. */
async function rowsOf(operations: DataSource, table: string, query: string): Promise<Row[]> {
  const [found] = await operations.query<{ table: string | null }[]>('SELECT to_regclass($1) AS table', [
    `operations.${table}`,
  ]);
  return found?.table ? operations.query<Row[]>(query) : [];
}

const instant = (value: unknown) => new Date(value as string | Date).toISOString();

/** Returns the state of backups and restore drills, as the jobs that make them wrote it down. */
export async function readBackupStatus(operations: DataSource): Promise<BackupStatus> {
  const backups = await rowsOf(
    operations,
    'backup',
    `(SELECT finished_at, file, bytes, rows, error FROM operations.backup
      WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY finished_at DESC LIMIT 1)
     UNION ALL
     (SELECT finished_at, file, bytes, rows, error FROM operations.backup
      WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1)`,
  );
  const drills = await rowsOf(
    operations,
    'restore_drill',
    `(SELECT finished_at, recovery_seconds, recovery_point_seconds, ok FROM operations.restore_drill
      WHERE finished_at IS NOT NULL AND ok ORDER BY finished_at DESC LIMIT 1)
     UNION ALL
     (SELECT finished_at, recovery_seconds, recovery_point_seconds, ok FROM operations.restore_drill
      WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1)`,
  );
  const good = backups.find(({ error }) => error === null);
  const verified = drills.find(({ ok }) => ok);
  const newestDrill = drills.at(-1);
  return {
    lastBackup: good
      ? {
          finishedAt: instant(good.finished_at),
          file: String(good.file),
          bytes: Number(good.bytes),
          rows: Number(good.rows),
        }
      : null,
    lastBackupError: (backups.at(-1)?.error as string | null | undefined) ?? null,
    lastVerifiedRestore: verified
      ? {
          finishedAt: instant(verified.finished_at),
          recoverySeconds: Number(verified.recovery_seconds),
          recoveryPointSeconds: Number(verified.recovery_point_seconds),
        }
      : null,
    lastRestoreOk: newestDrill ? Boolean(newestDrill.ok) : null,
  };
}
