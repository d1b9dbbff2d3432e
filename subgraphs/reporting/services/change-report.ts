import type { EntityManager } from 'typeorm';
import type { Context } from '#reporting/context.js';
import { discardDataset } from '#reporting/dataset/store-dataset.js';
import { type Report, ReportEntity, type ReportStatus } from '#reporting/entities/report.js';
import { countOrder, enqueueReport } from '#reporting/making/order-report.js';
import { deliverFinishedSoon } from '#reporting/schedules/deliver-report-soon.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';

const UNFINISHED: readonly ReportStatus[] = ['QUEUED', 'RUNNING', 'WAITING'];

/** Changes a report of the caller's organization, locked, and records it. Throws NotFound. */
async function change<Result>(
  { database, identity }: Context,
  reportId: string,
  action: 'report.cancelled' | 'report.retried' | 'report.deleted',
  effect: (manager: EntityManager, report: Report) => Promise<Result>,
): Promise<Result> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(reportId)) throw new NotFound('report');
  return database.transaction(async (manager) => {
    const lock = { mode: 'pessimistic_write' } as const;
    const report = await manager.findOne(ReportEntity, { where: { id: reportId, organizationId }, lock });
    if (!report) throw new NotFound('report');
    const result = await effect(manager, report);
    const { title, status } = report;
    const target = { type: 'Report', id: reportId };
    await recordAudit(manager, identity, { organizationId, action, target, before: { title, status } });
    return result;
  });
}

/** Takes the job of a report out of the queue. It would end by itself at its next page. */
async function stopJob({ services }: Context, reportId: string): Promise<void> {
  await services.jobs.cancel('reporting.run-report', reportId).catch((error) => {
    services.logger.warn({ err: error, reportId }, 'The job of a report was not stopped');
  });
}

/** Cancels a report that is not finished: its worker stops before the next page. Throws NotFound, and Conflict for a finished one. */
export async function cancelReport(context: Context, { reportId }: { reportId: string }): Promise<Report> {
  const cancelled = await change(context, reportId, 'report.cancelled', async (manager, report) => {
    if (!UNFINISHED.includes(report.status)) throw new Conflict(`This report is finished: ${report.status}.`);
    const changes = {
      status: 'CANCELLED',
      step: null,
      stepSection: null,
      waitingCode: null,
      waitingMessage: null,
      retryAt: null,
      // Its worker loses the claim, and stores nothing more.
      attempts: report.attempts + 1,
      waits: report.waits + 1,
      finishedAt: context.services.now(),
    } as const;
    await manager.update(ReportEntity, { id: reportId }, changes);
    await discardDataset(manager, { reportId });
    return { ...report, ...changes };
  });
  await stopJob(context, reportId);
  await deliverFinishedSoon(context, cancelled);
  return cancelled;
}

/** Queues a report again that has failed or was cancelled. Throws NotFound, Conflict for any other, and LimitReached for a failed one. */
export async function retryReport(context: Context, { reportId }: { reportId: string }): Promise<Report> {
  const queued = await change(context, reportId, 'report.retried', async (manager, report) => {
    if (!['FAILED', 'CANCELLED'].includes(report.status)) {
      throw new Conflict(`Only a report that has failed or was cancelled is made again; this one is ${report.status}.`);
    }
    const changes = {
      status: 'QUEUED',
      progress: 0,
      failureCode: null,
      failureMessage: null,
      unavailableAccounts: [],
      waitingSince: null,
      // The attempts so far no longer count; their number stays, as a worker that has vanished may return with it.
      waits: report.attempts,
      queuedAt: context.services.now(),
      finishedAt: null,
    } satisfies Partial<Report>;
    await manager.update(ReportEntity, { id: reportId }, changes);
    if (report.status === 'FAILED') await countOrder(context, manager, report);
    return { ...report, ...changes };
  });
  await enqueueReport(context, queued);
  return queued;
}

/** Deletes a report with all that belongs to it. Throws NotFound. */
export async function deleteReport(context: Context, { reportId }: { reportId: string }): Promise<string> {
  const { id } = await change(context, reportId, 'report.deleted', async (manager, report) => {
    await manager.delete(ReportEntity, { id: reportId });
    return report;
  });
  await stopJob(context, id);
  return id;
}
