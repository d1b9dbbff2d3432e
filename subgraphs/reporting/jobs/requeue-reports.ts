import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { requeueReports } from '../services/requeue-reports.js';

/** Sees to it that no ordered report is forgotten, whichever process died in between. */
export function requeueReportsJob(runtime: Runtime, database: DataSource): JobDefinition {
  return { name: 'reporting.requeue-reports', schedule: '1 minute', run: () => requeueReports(runtime, database) };
}
