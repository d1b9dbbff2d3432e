import { dayIn } from '#integrations/calendar-day.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { USAGE_KEPT } from '#kit/usage-kept.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const COUNT = `
  INSERT INTO integrations.account_day AS known (organization_id, date, accounts)
  SELECT organization_id, $1::date, count(*)::int FROM integrations.account WHERE access IS NOT NULL
  GROUP BY organization_id ORDER BY organization_id
  ON CONFLICT (organization_id, date) DO UPDATE SET accounts = excluded.accounts WHERE known.accounts < excluded.accounts`;

/** Counts the accounts in use of each organization for the day (UTC), every hour, and deletes days after 25 months. */
export function countAccountsJob({ database, services }: Dependencies): JobDefinition {
  return {
    name: 'integrations.count-accounts',
    schedule: '1 hour',
    run: async () => {
      const today = dayIn('UTC', services.now());
      await database.query(COUNT, [today]);
      await database.query('DELETE FROM integrations.account_day WHERE date < $1::date - $2::interval', [
        today,
        USAGE_KEPT,
      ]);
    },
  };
}
