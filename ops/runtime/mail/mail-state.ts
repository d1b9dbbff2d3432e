import type { EntityManager } from 'typeorm';

/** What became of a mail; SENT = a server accepted it. */
export type MailStatus = 'QUEUED' | 'SENT' | 'BOUNCED' | 'SUPPRESSED' | 'FAILED';

export interface MailState {
  id: string;
  status: MailStatus;
  /** Why it was not delivered, or not yet. */
  reason: string | null;
  attempts: number;
  finishedAt: Date | null;
}

/** Returns the states of mails by id. Those finished 30 days ago are deleted, and missing. */
export async function mailStates(manager: EntityManager, { ids }: { ids: string[] }): Promise<Map<string, MailState>> {
  if (ids.length === 0) return new Map();
  const states = await manager.query<MailState[]>(
    `SELECT id, status, reason, attempts, finished_at AS "finishedAt" FROM operations.mail WHERE id = ANY ($1)`,
    [ids],
  );
  return new Map(states.map((state) => [state.id, state]));
}
