import { metricSql, reportedSum, SIDES, type Side } from '#integrations/services/figures/metric-sql.js';
import type { Metric } from './performance-question.js';

/** The metrics of advertising over sums. Ratios are of sums. Amounts are stored in millionths. */
export const adMetrics = metricSql<Metric>({
  IMPRESSIONS: (side) => `${side}_impressions`,
  CLICKS: (side) => `${side}_clicks`,
  COST: (side) => `${side}_cost / 1e6`,
  CONVERSIONS: (side) => `${side}_conversions`,
  CONVERSION_VALUE: (side) => `${side}_value / 1e6`,
  CTR: (side) => `${side}_clicks / nullif(${side}_impressions, 0)`,
  CPC: (side) => `${side}_cost / 1e6 / nullif(${side}_clicks, 0)`,
  CPM: (side) => `${side}_cost / 1e3 / nullif(${side}_impressions, 0)`,
  CPA: (side) => `${side}_cost / 1e6 / nullif(${side}_conversions, 0)`,
  ROAS: (side) => `${side}_value / nullif(${side}_cost, 0)`,
});

function sumsOf(side: Side): string {
  const rows = `${side === 'previous' ? '' : 'NOT '}summed.is_previous`;
  return `
    coalesce(sum(summed.impressions) FILTER (WHERE ${rows}), 0) AS ${side}_impressions,
    coalesce(sum(summed.clicks) FILTER (WHERE ${rows}), 0) AS ${side}_clicks,
    coalesce(sum(summed.cost_micros) FILTER (WHERE ${rows}), 0) AS ${side}_cost,
    ${reportedSum('summed.conversions', rows)} AS ${side}_conversions,
    ${reportedSum('summed.conversion_value_micros', rows)} AS ${side}_value`;
}

/** The sums over rows of `summed`, on both sides. Conversions are null where rows report none, and zero without rows. */
export const SUMS = `${sumsOf('current')}, ${sumsOf('previous')}`;

/** The names of the sums. */
export const SUM_NAMES = ['impressions', 'clicks', 'cost', 'conversions', 'value'] as const;

/** The sums of rows that are sums. */
export const SUMS_OF_SUMS = SIDES.flatMap((side) => SUM_NAMES.map((name) => `${side}_${name}`))
  .map((name) => `sum(${name}) AS ${name}`)
  .join(', ');
