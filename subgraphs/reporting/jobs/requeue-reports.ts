import type { DataSource } from 'typeorm';
import { requeueReports } from '#reporting/services/requeue-reports.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Runtime } from '#runtime/runtime.js';

/** Sees to it that no ordered report is forgotten, whichever process died in between. */
export function requeueReportsJob(runtime: Runtime, database: DataSource): JobDefinition {
  return { name: 'reporting.requeue-reports', schedule: '1 minute', run: () => requeueReports(runtime, database) };
}
