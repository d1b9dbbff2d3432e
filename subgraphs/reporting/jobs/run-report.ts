import { type JobDependencies, jobContext, type ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { ClaimLost, claimReport, updateClaimed } from '#reporting/services/claim-report.js';
import { publishReport } from '#reporting/services/publish-report.js';
import { readAccounts } from '#reporting/services/read-accounts.js';
import { MAX_RETRIES, reportFailure } from '#reporting/services/report-failure.js';
import { templates } from '#reporting/templates/index.js';
import type { JobDefinition, JobRun } from '#runtime/jobs/jobs.js';

/** The share of reading in the progress. */
const READING_PERCENT = 90;

interface ClaimedReport {
  report: Report;
  run: JobRun;
}

async function makeReport(context: ServiceContext, { report, run }: ClaimedReport): Promise<void> {
  const { services, database } = context;
  // Failed attempts are settled: more claims mean that workers died.
  if (report.attempts > MAX_RETRIES + 1) throw new Error(`Every worker that took report ${report.id} has vanished.`);
  const template = templates.find(({ id }) => id === report.templateId);
  if (!template) throw new Error(`There is no code for the report template ${report.templateId}.`);
  const accounts = await readAccounts(context, {
    report,
    onProgress: async (share) => {
      const progress = Math.floor(share * READING_PERCENT);
      await updateClaimed(database, { report, changes: { progress, claimedAt: services.now() } });
      await run.reportProgress(progress);
    },
  });
  const rows = template.rowsOf(accounts);
  await publishReport(context, { report, rows });
  services.logger.info({ reportId: report.id, rowCount: rows.length }, 'Report made');
}

/** Marks the report as failed, or requeues it and throws the error for a retry. */
async function settle(
  { services, database }: ServiceContext,
  { report, error }: { report: Report; error: unknown },
): Promise<void> {
  const now = services.now();
  const failure = reportFailure(error, report.attempts);
  if (!failure) {
    await updateClaimed(database, { report, changes: { status: 'QUEUED', queuedAt: now } });
    throw error;
  }
  const { code: failureCode, message: failureMessage } = failure;
  const changes = { status: 'FAILED', failureCode, failureMessage, finishedAt: now } as const;
  await updateClaimed(database, { report, changes });
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
