import type { DataSource } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { countReport } from '#reporting/plan/report-orders.js';
import { isInternal } from './report-failure.js';

/** After this a worker has vanished. One request to the graph lies between two signs of life. */
export const WORKER_SILENCE_MS = 2 * 60 * 1000;

/** A report that this worker makes. */
export interface ClaimedReport extends Report {
  /** Whether the worker that had it has vanished. */
  isTakenOver: boolean;
}

const hasVanished = ({ status, claimedAt }: Report, now: Date) =>
  status === 'RUNNING' && claimedAt !== null && claimedAt.getTime() < now.getTime() - WORKER_SILENCE_MS;

const isReplayed = ({ status, failureCode }: Report) => status === 'FAILED' && isInternal(failureCode ?? '');

const isDue = ({ status, retryAt }: Report, now: Date) =>
  status === 'QUEUED' || (status === 'WAITING' && retryAt !== null && retryAt <= now);

/**
 * Claims a report that is queued, has waited long enough, whose worker has vanished, or whose job an operator replays after an internal failure.
 * One of concurrent callers gets it; null for the others.
 */
export async function claimReport(
  { services, database }: ServiceContext,
  { reportId: id }: { reportId: string },
): Promise<ClaimedReport | null> {
  const now = services.now();
  return database.transaction(async (manager) => {
    const report = await manager.findOne(ReportEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!report) return null;
    const isTakenOver = hasVanished(report, now);
    if (!(isDue(report, now) || isTakenOver || isReplayed(report))) return null;
    const changes: Partial<Report> = {
      status: 'RUNNING',
      progress: 0,
      step: 'READING',
      stepSection: null,
      waitingCode: null,
      waitingMessage: null,
      retryAt: null,
      claimedAt: now,
      attempts: report.attempts + 1,
      failureCode: null,
      failureMessage: null,
      finishedAt: null,
      unavailableAccounts: [],
    };
    await manager.update(ReportEntity, { id }, changes);
    if (report.status === 'FAILED') await countReport(manager, report, { orderedAt: now });
    return { ...report, ...changes, isTakenOver };
  });
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
  if (!affected) throw new ClaimLost(`Report ${id} has been taken over by another worker, cancelled or deleted.`);
}
