import { type JobDependencies, jobContext, type ServiceContext } from '#reporting/context.js';
import { discardDataset } from '#reporting/dataset/store-dataset.js';
import { type ClaimedReport, ClaimLost, claimReport, updateClaimed } from '#reporting/making/claim-report.js';
import { makeReport } from '#reporting/making/make-report.js';
import { queueReportEvent } from '#reporting/making/queue-report-event.js';
import { AccountsUnavailable, isInternal, MAX_RETRIES, reportFailure } from '#reporting/making/report-failure.js';
import { waitingFor } from '#reporting/making/waiting.js';
import { uncountReport } from '#reporting/plan/report-orders.js';
import { deliverFinishedSoon } from '#reporting/schedules/deliver-report-soon.js';
import { type JobDefinition, type JobRun, UnrecoverableError } from '#runtime/jobs/jobs.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

const STOPPED = { step: null, stepSection: null } as const;

/**
 * Settles a report that could not be made: it waits for what is away, is requeued by throwing the error for a retry, or has failed. An
 * internal failure is thrown, too: its job becomes a dead letter, and a replay makes the report.
 */
async function settle(
  context: ServiceContext,
  { report, error }: { report: ClaimedReport; error: unknown },
): Promise<void> {
  if (error instanceof ClaimLost) throw error;
  const { services, database } = context;
  const now = services.now();
  const waiting = waitingFor(report, error, now);
  if (waiting) {
    await updateClaimed(database, { report, changes: { ...STOPPED, ...waiting, status: 'WAITING', progress: 0 } });
    services.logger.warn({ err: error, reportId: report.id, retryAt: waiting.retryAt }, 'Report waits');
    return;
  }
  const failure = reportFailure(error, report.attempts - report.waits);
  if (!failure) {
    await updateClaimed(database, { report, changes: { ...STOPPED, status: 'QUEUED', queuedAt: now } });
    throw error;
  }
  const { code: failureCode, message: failureMessage } = failure;
  const unavailableAccounts = error instanceof AccountsUnavailable ? error.accounts : [];
  const failed = { status: 'FAILED', failureCode, failureMessage, unavailableAccounts, finishedAt: now } as const;
  await database.transaction(async (manager) => {
    await updateClaimed({ manager }, { report, changes: { ...STOPPED, ...failed } });
    await discardDataset(manager, { reportId: report.id });
    await uncountReport(manager, report);
    const more = { code: failureCode, message: failureMessage };
    await queueReportEvent(manager, { type: 'report.failed', report, more, occurredAt: now });
  });
  await deliverWebhooksSoon(services);
  await deliverFinishedSoon(context, report);
  if (isInternal(failureCode))
    throw new UnrecoverableError(`Report ${report.id} failed: ${String(error)}`, { cause: error });
  services.logger.warn({ err: error, reportId: report.id }, 'Report failed');
}

/** Makes an ordered report. Repeatable and safe to run concurrently. Throws an error that is worth a retry. */
async function runReport(context: ServiceContext, { reportId, run }: { reportId: string; run: JobRun }): Promise<void> {
  const report = await claimReport(context, { reportId });
  if (!report) return;
  try {
    await makeReport(context, { report, run }).catch((error) => settle(context, { report, error }));
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    context.services.logger.warn({ reportId }, error.message);
  }
}

/** Makes one ordered report. */
export function runReportJob(dependencies: JobDependencies): JobDefinition<{ reportId: string }> {
  return {
    name: 'reporting.run-report',
    maxRetries: MAX_RETRIES,
    run: ({ reportId }, run) => runReport(jobContext(dependencies), { reportId, run }),
  };
}
