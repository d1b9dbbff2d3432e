import { withFirstHost } from '#runtime/config/variables.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** The address of a queue in the installation's own PostgreSQL. */
export const POSTGRESQL = 'PostgreSQL';

const UPSERT = `
  INSERT INTO operations.job_queue (address, last_started_at) VALUES ($1, $2)
  ON CONFLICT (address) DO UPDATE SET last_started_at = $2`;

/** Returns where a job queue is, for people: without user, password and options. */
export function queueAddress(mongodbUrl: string | undefined): string {
  if (!mongodbUrl) return POSTGRESQL;
  const { protocol, host, pathname } = new URL(withFirstHost(mongodbUrl));
  return `${protocol}//${host}${pathname.length > 1 ? pathname : '/test'}`;
}

/** Stores that a process has started with this queue, so that what is left in it is found once the setting has changed. */
export async function recordQueue(
  operations: SqlDatabase,
  { mongodbUrl, now }: { mongodbUrl: string | undefined; now: Date },
): Promise<void> {
  await operations.query(UPSERT, [queueAddress(mongodbUrl), now]);
}
