import type { Context } from '../context.js';
import type { Account } from '../entities/account.js';
import { groupBy } from '../group-by.js';
import type { CampaignModel, DailyMetricsModel } from '../models.js';
import { currencyOf } from '../providers/currency-of.js';
import type { CampaignDay, DayRange } from '../providers/products.js';
import { addMetrics } from './add-metrics.js';
import { askAccount } from './ask-account.js';
import { checkRange } from './check-range.js';

const byDay = (one: { day: string }, other: { day: string }) => (one.day < other.day ? -1 : 1);

async function readDays(context: Context, account: Account, range: DayRange): Promise<CampaignDay[]> {
  const known = await askAccount(context, account, 'campaignDays', { range });
  return known?.found ?? [];
}

/** Returns what one campaign did on each day of the range it was asked for. All campaigns of an account are asked for together. */
export async function listCampaignDays(
  context: Context,
  { account, range, externalId }: CampaignModel,
): Promise<DailyMetricsModel[]> {
  const currency = currencyOf(account);
  const days = (await readDays(context, account, range)).filter((day) => day.externalId === externalId);
  return days.sort(byDay).map(({ day, metrics }) => ({ date: day, metrics: { ...metrics, currency } }));
}

/** Returns what all campaigns of an account did together on each day. Throws InvalidInput for a range that cannot be asked for. */
export async function listAccountDays(
  context: Context,
  account: Account,
  range: DayRange,
): Promise<DailyMetricsModel[]> {
  checkRange(range, context.runtime.now());
  const days = groupBy(await readDays(context, account, range), ({ day }) => day);
  const sums = [...days].map(([day, rows]) => {
    const currency = currencyOf(account);
    const metrics = addMetrics(
      rows.map((row) => row.metrics),
      currency,
    );
    return { day, date: day, metrics: { ...metrics, currency } };
  });
  return sums.sort(byDay).map(({ date, metrics }) => ({ date, metrics }));
}
