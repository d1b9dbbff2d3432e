import { groupBy } from 'es-toolkit/array';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, DailyMetricsModel } from '#integrations/models.js';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import { currencyOf } from '#integrations/providers/products.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import type { DatedUnreadableRow } from './found-figures.js';

const byDate = (one: DailyMetricsModel, other: DailyMetricsModel) => (one.date < other.date ? -1 : 1);

/** Days of which no row can be read. */
function daysWithout(account: Account, left: DatedUnreadableRow[]): DailyMetricsModel[] {
  return Object.entries(groupBy(left, ({ day }) => day)).map(([date, rows]) => {
    const fetchedAt = new Date(Math.min(...rows.map((row) => row.fetchedAt.getTime())));
    return { date, metrics: null, unreadable: unreadableRows(account, rows), fetchedAt };
  });
}

/** Returns a campaign's daily figures over a range. Throws InvalidInput and the provider's errors. */
export async function listCampaignDays(
  context: Context,
  { campaign: { account, externalId, objective }, range }: { campaign: CampaignModel; range: DayRange },
): Promise<DailyMetricsModel[]> {
  await context.checkedRanges.require({ organizationId: account.organizationId, range });
  const currency = currencyOf(account);
  const { byCampaign, unreadableByCampaign } = await context.campaignFigures.days.load({ account, range });
  const days = (byCampaign[externalId] ?? []).map(({ day, metrics, fetchedAt }) => ({
    date: day,
    metrics: { ...metrics, currency, campaign: { account, objective } },
    unreadable: [],
    fetchedAt,
  }));
  const left = unreadableByCampaign[externalId];
  return !left ? days : [...days, ...daysWithout(account, left)].sort(byDate);
}

/** Returns the daily sums over all campaigns of an account. Throws InvalidInput and the provider's errors. */
export async function listAccountDays(
  context: Context,
  { account, range }: { account: Account; range: DayRange },
): Promise<DailyMetricsModel[]> {
  await context.checkedRanges.require({ organizationId: account.organizationId, range });
  const { days, unreadable } = await context.campaignFigures.days.load({ account, range });
  const left = groupBy(unreadable, ({ day }) => day);
  const sums = Object.entries(groupBy(days, ({ day }) => day)).map(([date, rows]): DailyMetricsModel => {
    const currency = currencyOf(account);
    const metrics = addMetrics(
      rows.map((row) => row.metrics),
      currency,
    );
    const fetchedAt = new Date(Math.min(...rows.map((row) => row.fetchedAt.getTime())));
    return { date, metrics: { ...metrics, currency }, unreadable: unreadableRows(account, left[date]), fetchedAt };
  });
  if (unreadable.length === 0) return sums;
  const summed = new Set(sums.map(({ date }) => date));
  const others = unreadable.filter(({ day }) => !summed.has(day));
  return [...sums, ...daysWithout(account, others)].sort(byDate);
}
