import { type DataSource, LessThan } from 'typeorm';
import { SessionEntity } from '#auth/entities/session.js';

/** Deletes sessions that can no longer be refreshed, with their tokens. Returns how many. */
export async function trimSessions(database: DataSource, now: Date): Promise<number> {
  const { affected } = await database.manager.delete(SessionEntity, { expiresAt: LessThan(now) });
  return affected ?? 0;
}
