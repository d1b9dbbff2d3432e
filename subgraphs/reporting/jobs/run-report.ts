import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { MAX_RETRIES } from '../services/report-failure.js';
import { runReport } from '../services/run-report.js';

/** Makes one ordered report. */
export function runReportJob(runtime: Runtime, database: DataSource): JobDefinition<{ reportId: string }> {
  return {
    name: 'reporting.run-report',
    maxRetries: MAX_RETRIES,
    run: ({ reportId }, run) => runReport(runtime, database, reportId, run),
  };
}
