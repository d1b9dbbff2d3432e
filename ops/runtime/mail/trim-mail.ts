import type { DataSource } from 'typeorm';

const KEEP_DAYS = 30;

/** Forgets mail that was finished a month ago, and with it its key. Addresses stay suppressed. */
export async function trimMail(operations: DataSource): Promise<void> {
  await operations.query(
    `DELETE FROM operations.mail WHERE status <> 'QUEUED' AND finished_at < now() - make_interval(days => $1)`,
    [KEEP_DAYS],
  );
}
