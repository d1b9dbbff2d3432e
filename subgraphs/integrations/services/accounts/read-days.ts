import { type DayRange, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Period, periodDays } from '#integrations/period-days.js';
import { type AccountFilter, listAccounts } from './list-accounts.js';

export interface ReadDaysInput extends Pick<AccountFilter, 'accountIds' | 'providers'> {
  organizationId: string;
  period: Period;
}

/**
 * Returns the days of a period, in the time zone of the accounts: in UTC without any, and when they have several. Throws
 * InvalidInput, and NotFound for an unknown account.
 */
export async function readDays(context: Context, { period, ...filter }: ReadDaysInput): Promise<DayRange> {
  const accounts = filter.accountIds?.length ? await listAccounts(context, filter) : [];
  const [timeZone = 'UTC', ...others] = new Set(accounts.map((account) => account.timeZone));
  return periodDays(period, dayIn(others.length > 0 ? 'UTC' : timeZone, context.services.now()));
}
