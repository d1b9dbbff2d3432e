import { groupBy } from 'es-toolkit/array';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, DailyMetricsModel } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/products.js';
import { addMetrics } from './add-metrics.js';
import { checkRange } from './check-range.js';
import { readCampaignDays } from './read-campaigns.js';

const byDay = (one: { day: string }, other: { day: string }) => (one.day < other.day ? -1 : 1);

/** Returns a campaign's daily figures over its range, loaded with those of the account's other campaigns. */
export async function listCampaignDays(
  context: Context,
  { account, range, externalId }: CampaignModel,
): Promise<DailyMetricsModel[]> {
  const currency = currencyOf(account);
  const days = (await readCampaignDays(context, { account, range })).filter((day) => day.externalId === externalId);
  return days
    .sort(byDay)
    .map(({ day, metrics, fetchedAt }) => ({ date: day, metrics: { ...metrics, currency }, fetchedAt }));
}

/** Returns the daily sums over all campaigns of an account. Throws InvalidInput for an invalid range. */
export async function listAccountDays(
  context: Context,
  { account, range }: { account: Account; range: DayRange },
): Promise<DailyMetricsModel[]> {
  checkRange(range, context.services.now());
  const days = groupBy(await readCampaignDays(context, { account, range }), ({ day }) => day);
  const sums = Object.entries(days).map(([day, rows]) => {
    const currency = currencyOf(account);
    const metrics = addMetrics(
      rows.map((row) => row.metrics),
      currency,
    );
    const [fetchedAt] = rows.map((row) => row.fetchedAt).sort((one, other) => one.getTime() - other.getTime());
    return { day, date: day, metrics: { ...metrics, currency }, fetchedAt: fetchedAt as Date };
  });
  return sums.sort(byDay).map(({ date, metrics, fetchedAt }) => ({ date, metrics, fetchedAt }));
}
