import Big from 'big.js';
import { groupBy } from 'es-toolkit/array';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import { isInRange } from '#integrations/calendar-day.js';
import { amountNumber, countText, int64Text, plainNumber } from '#integrations/providers/numbers.js';
import type { AdMetrics, CampaignBudget, CampaignDay, CampaignRow, Rows } from '#integrations/providers/products.js';
import { keyOfDay } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { NAME } from './errors.js';

/** Returns the query for campaigns with their sums. Selecting days would drop those without activity. */
export function campaignsQuery({ start, end }: DayRange): string {
  return (
    'SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, ' +
    'campaign_budget.id, campaign_budget.amount_micros, campaign_budget.total_amount_micros, campaign_budget.explicitly_shared, ' +
    'metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value ' +
    `FROM campaign WHERE segments.date BETWEEN '${start}' AND '${end}'`
  );
}

/** Returns the query for daily figures; days without activity have no row. */
export function campaignDaysQuery({ start, end }: DayRange): string {
  return (
    'SELECT campaign.id, segments.date, ' +
    'metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value ' +
    `FROM campaign WHERE segments.date BETWEEN '${start}' AND '${end}'`
  );
}

/** UNKNOWN and UNSPECIFIED are documented; later versions add words. */
export const statuses: Record<string, CampaignRow['status']> = {
  ENABLED: 'ACTIVE',
  PAUSED: 'PAUSED',
  REMOVED: 'ENDED',
};

/** The figures of a row. */
export const metricsOfRow = z.object({
  impressions: countText,
  clicks: countText,
  costMicros: int64Text,
  conversions: plainNumber,
  conversionsValue: amountNumber,
});

const id = z.string().regex(/^\d+$/);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const campaignRow = z.object({
  campaign: z.object({
    id,
    name: z.string(),
    status: z.string(),
    advertisingChannelType: z.string().optional(),
  }),
  campaignBudget: z
    .object({
      id,
      amountMicros: int64Text.optional(),
      totalAmountMicros: int64Text.optional(),
      explicitlyShared: z.boolean().optional(),
    })
    .optional(),
  metrics: metricsOfRow,
});

const campaignDayRow = z.object({
  campaign: z.object({ id }),
  segments: z.object({ date }),
  metrics: metricsOfRow,
});

const identityOfCampaign = z.object({ campaign: z.object({ id }) }).transform(({ campaign }) => ({ row: campaign.id }));
const identityOfDay = campaignDayRow
  .omit({ metrics: true })
  .transform(({ campaign, segments }) => ({ row: campaign.id, day: segments.date }));

type RowMetrics = z.output<typeof metricsOfRow>;

// Rounds the noise off floating-point sums.
const tidy = (sum: number) => Math.round(sum * 1e6) / 1e6;

function sumOf(rows: RowMetrics[]): RowMetrics {
  const sum = (figure: (row: RowMetrics) => number) => rows.reduce((total, row) => total + figure(row), 0);
  return {
    impressions: sum(({ impressions }) => impressions),
    clicks: sum(({ clicks }) => clicks),
    costMicros: String(rows.reduce((total, { costMicros }) => total + BigInt(costMicros), 0n)),
    conversions: tidy(sum(({ conversions }) => conversions)),
    conversionsValue: rows.reduce((total, row) => total.plus(row.conversionsValue), new Big(0)).toFixed(),
  };
}

/** Returns figures with exact decimals. */
export function adMetricsOf(metrics: RowMetrics, currency: string): AdMetrics {
  return {
    impressions: metrics.impressions,
    clicks: metrics.clicks,
    cost: Money.fromMicros(metrics.costMicros, currency).toString(),
    conversions: metrics.conversions,
    conversionValue: Money.fromDecimal(metrics.conversionsValue, currency).toString(),
    actions: null,
  };
}

/** Reads campaigns with their sums. Removed ones without figures are left out. */
export function campaignsOfRows(rows: unknown[], currency: string): Rows<CampaignRow> {
  const { read, unreadable } = readRows(NAME, campaignRow, rows, identityOfCampaign);
  const campaigns = distinctRows(read, ({ campaign }) => campaign.id);
  return {
    rows: campaigns.flatMap(({ metrics, ...row }) => campaignWith(row, metrics, currency) ?? []),
    unreadable,
  };
}

/** Returns how to sum up campaigns over a range, given campaign rows and daily rows of all ranges. */
export function campaignsOfRanges(
  rows: unknown[],
  dayRows: unknown[],
  currency: string,
): (range: DayRange) => Rows<CampaignRow> {
  // Sums over all ranges are not used, so they need not be readable.
  const { read, unreadable } = readRows(NAME, campaignRow.omit({ metrics: true }), rows, identityOfCampaign);
  const campaigns = distinctRows(read, ({ campaign }) => campaign.id);
  const readDays = readRows(NAME, campaignDayRow, dayRows, identityOfDay);
  const distinct = distinctRows(readDays.read, ({ campaign, segments }) => `${campaign.id} ${segments.date}`);
  const days = groupBy(distinct, ({ campaign }) => campaign.id);
  return (range) => {
    const unreadableDays = readDays.unreadable.filter(({ day }) => day === undefined || isInRange(day, range));
    const left = new Set(unreadableDays.map(({ row }) => row));
    const found = campaigns.flatMap((row) => {
      const { campaign } = row;
      if (left.has(campaign.id)) return [];
      const own = (days[campaign.id] ?? []).filter(({ segments }) => isInRange(segments.date, range));
      return campaignWith(row, sumOf(own.map(({ metrics }) => metrics)), currency) ?? [];
    });
    return { rows: found, unreadable: [...unreadable, ...unreadableDays] };
  };
}

type BareRow = Omit<z.output<typeof campaignRow>, 'metrics'>;

/** https://developers.google.com/google-ads/api/docs/campaigns/budgets/overview */
function budgetOf({ campaignBudget: budget }: BareRow, currency: string): CampaignBudget | null {
  if (!budget) return null;
  const amount = (micros: string | undefined) =>
    micros === undefined ? null : Money.fromMicros(micros, currency).toString();
  return {
    level: budget.explicitlyShared ? 'SHARED' : 'CAMPAIGN',
    externalId: budget.id,
    daily: amount(budget.amountMicros),
    total: amount(budget.totalAmountMicros),
  };
}

function campaignWith(row: BareRow, metrics: RowMetrics, currency: string): CampaignRow | undefined {
  const { campaign } = row;
  if (campaign.status === 'REMOVED' && isIdle(metrics)) return undefined;
  return {
    externalId: campaign.id,
    name: campaign.name,
    status: statuses[campaign.status] ?? 'OTHER',
    providerStatus: campaign.status,
    // Goals, which a campaign may have several of, are not its objective.
    objective: null,
    type: campaign.advertisingChannelType ?? null,
    budget: budgetOf(row, currency),
    metrics: adMetricsOf(metrics, currency),
  };
}

/** Conversions and corrections of cost arrive after a campaign has ended. */
export const isIdle = ({ impressions, clicks, costMicros, conversions, conversionsValue }: RowMetrics) =>
  [impressions, clicks, Number(costMicros), conversions, Number(conversionsValue)].every((figure) => figure === 0);

/** Reads daily figures. */
export function campaignDaysOfRows(rows: unknown[], currency: string): Rows<CampaignDay> {
  const { read, unreadable } = readRows(NAME, campaignDayRow, rows, identityOfDay);
  const days = read.map(({ campaign, segments, metrics }) => ({
    externalId: campaign.id,
    day: segments.date,
    metrics: adMetricsOf(metrics, currency),
  }));
  return { rows: distinctRows(days, keyOfDay), unreadable };
}
