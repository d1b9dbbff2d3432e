import type { DataSource } from 'typeorm';
import { MAX_RETRIES } from '#reporting/services/report-failure.js';
import { runReport } from '#reporting/services/run-report.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Runtime } from '#runtime/runtime.js';

/** Makes one ordered report. */
export function runReportJob(runtime: Runtime, database: DataSource): JobDefinition<{ reportId: string }> {
  return {
    name: 'reporting.run-report',
    maxRetries: MAX_RETRIES,
    run: ({ reportId }, run) => runReport(runtime, database, reportId, run),
  };
}
