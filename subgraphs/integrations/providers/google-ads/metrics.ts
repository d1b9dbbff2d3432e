import { groupBy } from 'es-toolkit/array';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import { isInRange } from '#integrations/calendar-day.js';
import { countText, int64Text, plainNumber } from '#integrations/providers/numbers.js';
import type { AdMetrics, CampaignDay, CampaignRow } from '#integrations/providers/products.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { NAME } from './errors.js';

/** Returns the query for campaigns with their sums. Selecting days would drop those without activity. */
export function campaignsQuery({ start, end }: DayRange): string {
  return (
    'SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, ' +
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

const statuses: Record<string, CampaignRow['status']> = { ENABLED: 'ACTIVE', PAUSED: 'PAUSED', REMOVED: 'ENDED' };

const metricsOfRow = z.object({
  impressions: countText,
  clicks: countText,
  costMicros: int64Text,
  conversions: plainNumber,
  conversionsValue: plainNumber,
});

const campaignRow = z.object({
  campaign: z.object({
    id: z.string().regex(/^\d+$/),
    name: z.string(),
    status: z.enum(['ENABLED', 'PAUSED', 'REMOVED']),
    advertisingChannelType: z.string().optional(),
  }),
  metrics: metricsOfRow,
});

const campaignDayRow = z.object({
  campaign: z.object({ id: z.string().regex(/^\d+$/) }),
  segments: z.object({ date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  metrics: metricsOfRow,
});

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
    conversionsValue: tidy(sum(({ conversionsValue }) => conversionsValue)),
  };
}

function adMetricsOf(metrics: RowMetrics, currency: string): AdMetrics {
  return {
    impressions: metrics.impressions,
    clicks: metrics.clicks,
    cost: Money.fromMicros(metrics.costMicros, currency).toString(),
    conversions: metrics.conversions,
    conversionValue: Money.fromNumber(metrics.conversionsValue, currency).toString(),
  };
}

/** Returns the campaign in a row; undefined for a removed one without activity. */
export function campaignOfRow(row: unknown, currency: string): CampaignRow | undefined {
  const { campaign, metrics } = readAnswer(NAME, campaignRow, row);
  return campaignWith(campaign, metrics, currency);
}

/** Returns how to sum up campaigns over a range, given campaign rows and daily rows of all ranges. */
export function campaignsOfRanges(
  rows: unknown[],
  dayRows: unknown[],
  currency: string,
): (range: DayRange) => CampaignRow[] {
  const campaigns = rows.map((row) => readAnswer(NAME, campaignRow, row).campaign);
  const days = groupBy(
    dayRows.map((row) => readAnswer(NAME, campaignDayRow, row)),
    ({ campaign }) => campaign.id,
  );
  return (range) =>
    campaigns.flatMap((campaign) => {
      const own = (days[campaign.id] ?? []).filter(({ segments }) => isInRange(segments.date, range));
      return campaignWith(campaign, sumOf(own.map(({ metrics }) => metrics)), currency) ?? [];
    });
}

function campaignWith(
  campaign: z.output<typeof campaignRow>['campaign'],
  metrics: RowMetrics,
  currency: string,
): CampaignRow | undefined {
  const isIdle = metrics.impressions === 0 && metrics.clicks === 0 && BigInt(metrics.costMicros) === 0n;
  if (campaign.status === 'REMOVED' && isIdle) return undefined;
  return {
    externalId: campaign.id,
    name: campaign.name,
    status: statuses[campaign.status] as CampaignRow['status'],
    providerStatus: campaign.status,
    objective: campaign.advertisingChannelType ?? null,
    metrics: adMetricsOf(metrics, currency),
  };
}

/** Returns the daily figures in a row. */
export function campaignDayOfRow(row: unknown, currency: string): CampaignDay {
  const { campaign, segments, metrics } = readAnswer(NAME, campaignDayRow, row);
  return { externalId: campaign.id, day: segments.date, metrics: adMetricsOf(metrics, currency) };
}
