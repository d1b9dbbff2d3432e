import { type JobDependencies, jobContext, type ServiceContext } from '#reporting/context.js';
import { ReportEntity } from '#reporting/entities/report.js';
import { WORKER_SILENCE_MS } from '#reporting/making/claim-report.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const QUEUE_DELAY_MS = 30_000;
const MAX_REPORTS = 1_000;

async function requeueReports({ services, database }: ServiceContext): Promise<void> {
  const now = services.now();
  const reports = await database
    .createQueryBuilder(ReportEntity, 'report')
    .where(`report.status = 'QUEUED' AND report.queued_at < :queuedBefore`)
    .orWhere(`report.status = 'RUNNING' AND report.claimed_at < :silentSince`)
    .orWhere(`report.status = 'WAITING' AND report.retry_at <= :now`)
    .setParameters({
      now,
      queuedBefore: new Date(now.getTime() - QUEUE_DELAY_MS),
      silentSince: new Date(now.getTime() - WORKER_SILENCE_MS),
    })
    .orderBy('report.queuedAt')
    .limit(MAX_REPORTS)
    .getMany();
  // A key that is in the queue is not added twice.
  for (const { id } of reports) await services.jobs.enqueue('reporting.run-report', { key: id, reportId: id });
}

/** Enqueues reports that have waited long enough, were lost from the queue, or whose worker vanished, every minute. */
export function requeueReportsJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'reporting.requeue-reports',
    schedule: '1 minute',
    run: () => requeueReports(jobContext(dependencies)),
  };
}
