import { type JobDependencies, jobContext, type ServiceContext } from '#reporting/context.js';
import { type ClaimedReport, ClaimLost, claimReport, updateClaimed } from '#reporting/services/claim-report.js';
import { publishReport } from '#reporting/services/publish-report.js';
import { queueReportEvent } from '#reporting/services/queue-report-event.js';
import { readAccounts } from '#reporting/services/read-accounts.js';
import {
  AccountsUnavailable,
  isInternal,
  MAX_ATTEMPTS,
  MAX_RETRIES,
  reportFailure,
} from '#reporting/services/report-failure.js';
import { templates } from '#reporting/templates/index.js';
import { type JobDefinition, type JobRun, UnrecoverableError } from '#runtime/jobs/jobs.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

/** The share of reading in the progress. */
const READING_PERCENT = 90;

async function makeReport(
  context: ServiceContext,
  { report, run }: { report: ClaimedReport; run: JobRun },
): Promise<void> {
  const { services, database } = context;
  // Failed attempts are settled: more claims mean that workers died.
  if (report.isTakenOver && report.attempts > MAX_ATTEMPTS)
    throw new Error(`Every worker that took report ${report.id} has vanished.`);
  const template = templates.find(({ id }) => id === report.templateId);
  if (!template) throw new Error(`There is no code for the report template ${report.templateId}.`);
  const accounts = await readAccounts(context, {
    report,
    isLastAttempt: report.attempts >= MAX_ATTEMPTS,
    onProgress: async (share) => {
      const progress = Math.floor(share * READING_PERCENT);
      await updateClaimed(database, { report, changes: { progress, claimedAt: services.now() } });
      await run.reportProgress(progress);
    },
  });
  const rows = template.rowsOf(accounts);
  const unavailableAccounts = accounts.flatMap(({ unavailable, leftOut }) => unavailable ?? leftOut?.reason ?? []);
  await publishReport(context, { report, rows, unavailableAccounts });
  services.logger.info({ reportId: report.id, rowCount: rows.length }, 'Report made');
}

/**
 * Marks the report as failed, or requeues it and throws the error for a retry. An internal failure is thrown, too: its job
 * becomes a dead letter, and a replay makes the report.
 */
async function settle(
  { services, database }: ServiceContext,
  { report, error }: { report: ClaimedReport; error: unknown },
): Promise<void> {
  const now = services.now();
  const failure = reportFailure(error, report.attempts);
  if (!failure) {
    await updateClaimed(database, { report, changes: { status: 'QUEUED', queuedAt: now } });
    throw error;
  }
  const { code: failureCode, message: failureMessage } = failure;
  const unavailableAccounts = error instanceof AccountsUnavailable ? error.accounts : [];
  const failed = { status: 'FAILED', failureCode, failureMessage, unavailableAccounts, finishedAt: now } as const;
  await database.transaction(async (manager) => {
    await updateClaimed({ manager }, { report, changes: failed });
    const more = { code: failureCode, message: failureMessage };
    await queueReportEvent(manager, { type: 'report.failed', report, more, occurredAt: now });
  });
  await deliverWebhooksSoon(services);
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
