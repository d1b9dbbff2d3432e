import { dayIn, monthsBefore } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Services } from '#runtime/services.js';
import { dropPartitions, makePartitions } from './partitions.js';

/** How many months have their partitions before they begin. */
const MONTHS_AHEAD = 2;

/** Returns the first day that is kept, the first of its month. */
export function firstKeptDay({ config, now }: Services): string {
  return `${monthsBefore(dayIn('UTC', now()), config.historyMonths).slice(0, 7)}-01`;
}

/** Makes the partitions of coming months, and drops those beyond the retention period. */
export async function trimHistories(context: Context): Promise<void> {
  const { database, services } = context;
  const today = dayIn('UTC', services.now());
  await makePartitions(context, { start: today, end: monthsBefore(today, -MONTHS_AHEAD) });
  const first = firstKeptDay(services);
  // First, so that they are not copied again.
  await database.query('UPDATE integrations.account_history SET wanted_from = $1 WHERE wanted_from < $1', [first]);
  const dropped = await dropPartitions(context, first);
  if (dropped > 0) await database.query('UPDATE integrations.account_history SET version = gen_random_uuid()');
}
