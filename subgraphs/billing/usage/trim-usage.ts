import type { DataSource } from 'typeorm';
import { USAGE_KEPT } from '#kit/usage-kept.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Deletes days of use after 25 months, and the records of processes that have ended long since; every night. */
export function trimUsageJob({ now }: Pick<Services, 'now'>, database: DataSource): JobDefinition {
  return {
    name: 'billing.trim-usage',
    schedule: '50 3 * * *',
    run: async () => {
      const values = [now(), USAGE_KEPT];
      await database.query('DELETE FROM billing.usage_day WHERE date < ($1::timestamptz - $2::interval)::date', values);
      await database.query(
        'DELETE FROM billing.usage_source WHERE recorded_at < $1::timestamptz - $2::interval',
        values,
      );
    },
  };
}
