import { USAGE_KEPT } from '#kit/usage-kept.js';
import type { JobDependencies } from '#reporting/context.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Deletes the records of which reports were ordered after 25 months, every night. */
export function trimReportOrdersJob({ database, services }: JobDependencies): JobDefinition {
  return {
    name: 'reporting.trim-report-orders',
    schedule: '50 3 * * *',
    run: async () => {
      const values = [services.now(), USAGE_KEPT];
      await database.query(
        'DELETE FROM reporting.report_order WHERE ordered_at < $1::timestamptz - $2::interval',
        values,
      );
    },
  };
}
