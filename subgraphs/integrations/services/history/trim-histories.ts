import { dayIn, monthsBefore } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Services } from '#runtime/services.js';

const DAYS_AT_ONCE = 31;

/** Returns the first day that is kept. */
export function firstKeptDay({ config, now }: Services): string {
  return monthsBefore(dayIn('UTC', now()), config.historyMonths);
}

// In parts, so that locks are short.
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

/** Deletes copied days beyond the retention period. */
export async function trimHistories({ database, services }: Context): Promise<void> {
  const first = firstKeptDay(services);
  // First, so that they are not copied again.
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
