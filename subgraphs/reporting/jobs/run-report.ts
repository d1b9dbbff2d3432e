import type { DataSource } from 'typeorm';
import type { Report } from '#reporting/entities/report.js';
import { templates } from '#reporting/templates/index.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { ClaimLost, claimReport, updateClaimed } from './claim-report.js';
import { publishReport } from './publish-report.js';
import { readAccounts } from './read-accounts.js';
import { MAX_RETRIES, reportFailure } from './report-failure.js';

/** The part of the progress that reading takes; writing the rows is the rest. */
const READING_PERCENT = 90;

async function makeReport(services: Services, database: DataSource, report: Report, { reportProgress }: JobRun) {
  // Every attempt that fails says so; more claims than attempts means that workers died of it.
  if (report.attempts > MAX_RETRIES + 1) throw new Error(`Every worker that took report ${report.id} has vanished.`);
  const template = templates.find(({ id }) => id === report.templateId);
  if (!template) throw new Error(`There is no code for the report template ${report.templateId}.`);
  const accounts = await readAccounts(services, report, async (part) => {
    const progress = Math.floor(part * READING_PERCENT);
    await updateClaimed(database.manager, report, { progress, claimedAt: services.now() });
    await reportProgress(progress);
  });
  const rows = template.rowsOf(accounts);
  await publishReport(database, report, rows, services.now());
  services.logger.info({ reportId: report.id, rowCount: rows.length }, 'Report made');
}

/** Gives the report up, or puts it back to wait and throws the error so that the job is retried. */
async function settle(services: Services, database: DataSource, report: Report, error: unknown): Promise<void> {
  const now = services.now();
  const failure = reportFailure(error, report.attempts);
  if (!failure) {
    await updateClaimed(database.manager, report, { status: 'QUEUED', queuedAt: now });
    throw error;
  }
  const { code, message } = failure;
  const given = { status: 'FAILED', failureCode: code, failureMessage: message, finishedAt: now } as const;
  await updateClaimed(database.manager, report, given);
  services.logger.warn({ err: error, reportId: report.id }, 'Report failed');
}

/**
 * Makes an ordered report. Safe to call again and at the same time: one caller does the work, and a finished report
 * stays as it is. Throws what is worth another attempt.
 */
export async function runReport(
  services: Services,
  database: DataSource,
  reportId: string,
  run: JobRun,
): Promise<void> {
  const report = await claimReport(database, reportId, services.now());
  if (!report) return;
  try {
    await makeReport(services, database, report, run).catch((error) => settle(services, database, report, error));
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    services.logger.warn({ reportId }, error.message);
  }
}
