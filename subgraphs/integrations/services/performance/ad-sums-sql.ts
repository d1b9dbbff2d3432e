import { metricSql, type Side } from '#integrations/services/figures/metric-sql.js';
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
  const reported = (column: string) =>
    `CASE WHEN count(*) FILTER (WHERE ${rows}) = 0 THEN 0 ELSE sum(summed.${column}) FILTER (WHERE ${rows}) END`;
  return `
    coalesce(sum(summed.impressions) FILTER (WHERE ${rows}), 0) AS ${side}_impressions,
    coalesce(sum(summed.clicks) FILTER (WHERE ${rows}), 0) AS ${side}_clicks,
    coalesce(sum(summed.cost_micros) FILTER (WHERE ${rows}), 0) AS ${side}_cost,
    ${reported('conversions')} AS ${side}_conversions,
    ${reported('conversion_value_micros')} AS ${side}_value`;
}

/** The sums over rows of `summed`, on both sides. Conversions are null where rows report none, and zero without rows. */
export const SUMS = `${sumsOf('current')}, ${sumsOf('previous')}`;

/** The sums of rows that are sums. */
export const SUMS_OF_SUMS = (['current', 'previous'] as const)
  .flatMap((side) => ['impressions', 'clicks', 'cost', 'conversions', 'value'].map((name) => `${side}_${name}`))
  .map((name) => `sum(${name}) AS ${name}`)
  .join(', ');
