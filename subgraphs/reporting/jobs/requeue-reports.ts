import type { DataSource } from 'typeorm';
import { ReportEntity } from '#reporting/entities/report.js';
import type { Services } from '#runtime/services.js';
import { WORKER_SILENCE_MS } from './claim-report.js';

const QUEUE_DELAY_MS = 30_000;
const MAX_REPORTS = 1_000;

/**
 * Puts reports in the queue again that nobody works on: those that were never queued or lost from it, and those whose
 * worker vanished.
 */
export async function requeueReports(services: Services, database: DataSource): Promise<void> {
  const now = services.now();
  const reports = await database
    .createQueryBuilder(ReportEntity, 'report')
    .where(`report.status = 'QUEUED' AND report.queued_at < :queuedBefore`)
    .orWhere(`report.status = 'RUNNING' AND report.claimed_at < :silentSince`)
    .setParameters({
      queuedBefore: new Date(now.getTime() - QUEUE_DELAY_MS),
      silentSince: new Date(now.getTime() - WORKER_SILENCE_MS),
    })
    .orderBy('report.queuedAt')
    .limit(MAX_REPORTS)
    .getMany();
  // While the queue is merely long, the job that is in it already stands: a key is there once.
  for (const { id } of reports) await services.jobs.enqueue('reporting.run-report', { key: id, reportId: id });
}
