import type { DataSource } from 'typeorm';

/** The result of something that is verified from time to time, by whichever worker is due. */
export interface Verification {
  finishedAt: Date;
  /** How much of what was looked at is damaged. */
  problems: number;
}

/** Records the newest result of a verification, in place of the one before. */
export async function recordVerification(
  operations: DataSource,
  name: 'audit',
  { finishedAt, problems }: Verification,
): Promise<void> {
  await operations.query(
    `INSERT INTO operations.verification (name, finished_at, problems) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET finished_at = excluded.finished_at, problems = excluded.problems`,
    [name, finishedAt, problems],
  );
}

/** Returns the newest result of a verification; null before the first. */
export async function lastVerification(operations: DataSource, name: 'audit'): Promise<Verification | null> {
  const [row] = await operations.query<Verification[]>(
    'SELECT finished_at AS "finishedAt", problems FROM operations.verification WHERE name = $1',
    [name],
  );
  return row ?? null;
}
