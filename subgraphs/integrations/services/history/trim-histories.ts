import { monthsBefore } from '#integrations/calendar-day.js';
import type { Equipment } from '#integrations/equipment.js';

const DAYS_AT_ONCE = 31;

/** Returns the first day that is kept. */
export function firstKeptDay({ services }: Pick<Equipment, 'services'>): string {
  return monthsBefore(services.now().toISOString().slice(0, 10), services.config.historyMonths);
}

// A month of one account at a time: whoever reads meanwhile waits for none of it.
const TRIM = `
  WITH old AS (
    DELETE FROM integrations.history_day WHERE (account_id, day) IN (
      SELECT account_id, day FROM integrations.history_day WHERE account_id = $1 AND day < $2 ORDER BY day
      LIMIT ${DAYS_AT_ONCE})
    RETURNING day
  ), gone AS (
    DELETE FROM integrations.daily_metrics WHERE account_id = $1 AND day < $2 AND day IN (SELECT day FROM old)
  )
  SELECT count(*)::int AS count FROM old`;

/** Forgets the days that are older than they are kept. Safe to call at any time. */
export async function trimHistories(equipment: Equipment): Promise<void> {
  const { database } = equipment;
  const first = firstKeptDay(equipment);
  // First of all nobody copies them again.
  await database.query('UPDATE integrations.account_history SET wanted_from = $1 WHERE wanted_from < $1', [first]);
  const accounts = await database.query<{ id: string }[]>(
    'SELECT DISTINCT account_id AS id FROM integrations.history_day WHERE day < $1',
    [first],
  );
  for (const { id } of accounts) {
    for (let count = DAYS_AT_ONCE; count === DAYS_AT_ONCE; ) {
      [{ count }] = await database.query<[{ count: number }]>(TRIM, [id, first]);
    }
  }
}
