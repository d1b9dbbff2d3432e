import type { DataSource } from 'typeorm';
import type { MailStatus } from './mail-state.js';

export interface MailFigures {
  /** Mails that wait, and by each other status those finished within a day. */
  counts: Record<MailStatus, number>;
  /** When the mail that has waited longest was written; null = none waits. */
  oldestQueuedSince: Date | null;
}

/** Returns how many mails are in which state, of the whole installation. */
export async function readMailFigures(operations: DataSource, now: Date): Promise<MailFigures> {
  const rows = await operations.query<{ status: MailStatus; count: number; oldest: Date }[]>(
    `SELECT status, count(*)::int AS count, min(created_at) AS oldest FROM operations.mail
     WHERE status = 'QUEUED' OR (status <> 'QUEUED' AND finished_at > $1::timestamptz - interval '1 day') GROUP BY status`,
    [now],
  );
  const counts: MailFigures['counts'] = { QUEUED: 0, SENT: 0, BOUNCED: 0, SUPPRESSED: 0, FAILED: 0 };
  for (const { status, count } of rows) counts[status] = count;
  return { counts, oldestQueuedSince: rows.find(({ status }) => status === 'QUEUED')?.oldest ?? null };
}
