import { groupBy } from 'es-toolkit/array';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, DailyMetricsModel } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/products.js';
import { addMetrics } from './add-metrics.js';

/** Returns a campaign's daily figures over a range. Throws InvalidInput and the provider's errors. */
export async function listCampaignDays(
  { campaignFigures }: Context,
  { campaign: { account, externalId }, range }: { campaign: CampaignModel; range: DayRange },
): Promise<DailyMetricsModel[]> {
  const currency = currencyOf(account);
  const { byCampaign } = await campaignFigures.days.load({ account, range });
  return (byCampaign[externalId] ?? []).map(({ day, metrics, fetchedAt }) => ({
    date: day,
    metrics: { ...metrics, currency },
    fetchedAt,
  }));
}

/** Returns the daily sums over all campaigns of an account. Throws InvalidInput and the provider's errors. */
export async function listAccountDays(
  { campaignFigures }: Context,
  { account, range }: { account: Account; range: DayRange },
): Promise<DailyMetricsModel[]> {
  const { days } = await campaignFigures.days.load({ account, range });
  return Object.entries(groupBy(days, ({ day }) => day)).map(([date, rows]) => {
    const currency = currencyOf(account);
    const metrics = addMetrics(
      rows.map((row) => row.metrics),
      currency,
    );
    const fetchedAt = new Date(Math.min(...rows.map((row) => row.fetchedAt.getTime())));
    return { date, metrics: { ...metrics, currency }, fetchedAt };
  });
}
