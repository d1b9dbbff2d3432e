import type { DataSource } from 'typeorm';
import { requeueReports } from '#reporting/services/requeue-reports.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Sees to it that no ordered report is forgotten, whichever process died in between. */
export function requeueReportsJob(services: Services, database: DataSource): JobDefinition {
  return { name: 'reporting.requeue-reports', schedule: '1 minute', run: () => requeueReports(services, database) };
}
