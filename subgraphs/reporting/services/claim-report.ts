import type { DataSource } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';

/** After this a worker has vanished. One request to the graph lies between two signs of life. */
export const WORKER_SILENCE_MS = 2 * 60 * 1000;

/**
 * Claims a report that is queued or whose worker has vanished. One of concurrent callers gets it; null for the others.
 */
export async function claimReport(
  { services, database }: ServiceContext,
  { reportId }: { reportId: string },
): Promise<Report | null> {
  const now = services.now();
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

/** Another worker has claimed the report: discard the result. */
export class ClaimLost extends Error {
  override name = 'ClaimLost';
}

/** Changes a claimed report. Throws ClaimLost. */
export async function updateClaimed(
  { manager }: Pick<DataSource, 'manager'>,
  { report, changes }: { report: Pick<Report, 'id' | 'attempts'>; changes: Partial<Report> },
): Promise<void> {
  const { id, attempts } = report;
  const { affected } = await manager.update(ReportEntity, { id, attempts, status: 'RUNNING' }, changes);
  if (!affected) throw new ClaimLost(`Report ${id} has been taken over by another worker.`);
}
