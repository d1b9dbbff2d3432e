import { type DayRange, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Period, periodDays } from '#integrations/period-days.js';
import { type AccountFilter, listAccounts } from './list-accounts.js';

export interface ReadDaysInput extends Pick<AccountFilter, 'accountIds' | 'providers'> {
  organizationId: string;
  period: Period;
  /** Of the organization. */
  timeZone?: string;
}

/**
 * Returns the days of a period, in the time zone of the accounts: in that of the organization without any, and when they have
 * several. Throws InvalidInput, and NotFound for an unknown account.
 */
export async function readDays(
  context: Context,
  { period, timeZone = 'UTC', ...filter }: ReadDaysInput,
): Promise<DayRange> {
  const accounts = filter.accountIds?.length ? await listAccounts(context, filter) : [];
  const [first = timeZone, ...others] = new Set(accounts.map((account) => account.timeZone));
  return periodDays(period, dayIn(others.length > 0 ? timeZone : first, context.services.now()));
}
