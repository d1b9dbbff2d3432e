import type { DataSource, EntityManager } from 'typeorm';
import { type Report, ReportEntity } from '#reporting/entities/report.js';

/** A worker gives a sign of life more often than this: between two of them lies one request to the graph. */
export const WORKER_SILENCE_MS = 2 * 60 * 1000;

/**
 * Takes a report to work on: a waiting one, or one whose worker has gone silent. Of many that try at once, one gets it;
 * null for the others, and when there is nothing left to do.
 */
export async function claimReport(database: DataSource, reportId: string, now: Date): Promise<Report | null> {
  const silentSince = new Date(now.getTime() - WORKER_SILENCE_MS);
  const { raw } = await database
    .createQueryBuilder()
    .update(ReportEntity)
    .set({ status: 'RUNNING', progress: 0, claimedAt: now, attempts: () => 'attempts + 1' })
    .where('id = :reportId', { reportId })
    .andWhere(`(status = 'QUEUED' OR (status = 'RUNNING' AND claimed_at < :silentSince))`, { silentSince })
    .returning('attempts')
    .execute();
  const [claimed] = raw as Pick<Report, 'attempts'>[];
  const report = claimed && (await database.manager.findOneBy(ReportEntity, { id: reportId }));
  return report ? { ...report, attempts: claimed.attempts } : null;
}

/** Somebody else has taken the report meanwhile: whatever was found out about it is theirs to publish. */
export class ClaimLost extends Error {
  override name = 'ClaimLost';
}

/** Changes a report one has claimed. Throws ClaimLost when it is no longer one's own. */
export async function updateClaimed(
  manager: EntityManager,
  { id, attempts }: Pick<Report, 'id' | 'attempts'>,
  changes: Partial<Report>,
): Promise<void> {
  const { affected } = await manager.update(ReportEntity, { id, attempts, status: 'RUNNING' }, changes);
  if (!affected) throw new ClaimLost(`Report ${id} has been taken over by another worker.`);
}
