import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { dayIn } from '#integrations/calendar-day.js';
import { countInUse } from '#integrations/services/plan/in-use.js';
import type { Services } from '#runtime/services.js';

const READ = `
  SELECT date::text, accounts FROM integrations.account_day
  WHERE organization_id = $1 AND date = ANY ($2::date[])`;

/** Loads the most accounts that an organization had in use on days (UTC, YYYY-MM-DD); those of today are counted. */
export function accountsByDay(
  database: DataSource,
  organizationId: string | undefined,
  now: Services['now'],
): DataLoader<string, number> {
  return new DataLoader(async (dates) => {
    if (!organizationId) return dates.map(() => 0);
    const rows = await database.query<{ date: string; accounts: number }[]>(READ, [organizationId, dates]);
    const known = new Map(rows.map(({ date, accounts }) => [date, accounts]));
    const today = dayIn('UTC', now());
    if (dates.includes(today)) {
      const inUse = await countInUse(database, { organizationId, limit: 'ACCOUNTS' });
      known.set(today, Math.max(inUse, known.get(today) ?? 0));
    }
    return dates.map((date) => known.get(date) ?? 0);
  });
}
