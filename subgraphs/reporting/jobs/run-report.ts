import type { DataSource } from 'typeorm';
import { MAX_RETRIES } from '#reporting/services/report-failure.js';
import { runReport } from '#reporting/services/run-report.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Makes one ordered report. */
export function runReportJob(services: Services, database: DataSource): JobDefinition<{ reportId: string }> {
  return {
    name: 'reporting.run-report',
    maxRetries: MAX_RETRIES,
    run: ({ reportId }, run) => runReport(services, database, reportId, run),
  };
}
