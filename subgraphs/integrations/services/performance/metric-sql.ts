import type { Parameters } from './parameters.js';
import type { Metric, MetricCondition, MetricValue } from './performance-question.js';

/** Figures of the range, or of the days it is compared with. */
export type Side = 'current' | 'previous';

/** Ratios are of sums. Amounts are stored in millionths. */
const metricOf: Record<Metric, (side: Side) => string> = {
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
};

/** Returns the expression of a value over the sums of a row. */
export function metricValue(metric: Metric, value: MetricValue = 'CURRENT'): string {
  const [current, previous] = [`(${metricOf[metric]('current')})`, `(${metricOf[metric]('previous')})`];
  const values: Record<MetricValue, string> = {
    CURRENT: current,
    PREVIOUS: previous,
    CHANGE: `(${current} - ${previous})`,
    CHANGE_PERCENT: `((${current} - ${previous}) * 100 / nullif(${previous}, 0))`,
  };
  return values[value];
}

/** Returns the sums over rows of `fact`. Conversions are null where rows report none, and zero without rows. */
export const sums = (side: Side, rows: string) => {
  const reported = (column: string) =>
    `CASE WHEN count(*) FILTER (WHERE ${rows}) = 0 THEN 0 ELSE sum(fact.${column}) FILTER (WHERE ${rows}) END`;
  return `
    coalesce(sum(fact.impressions) FILTER (WHERE ${rows}), 0) AS ${side}_impressions,
    coalesce(sum(fact.clicks) FILTER (WHERE ${rows}), 0) AS ${side}_clicks,
    coalesce(sum(fact.cost_micros) FILTER (WHERE ${rows}), 0) AS ${side}_cost,
    ${reported('conversions')} AS ${side}_conversions,
    ${reported('conversion_value_micros')} AS ${side}_value`;
};

/** The sums of rows that are sums. */
export const SUMS_OF_SUMS = (['current', 'previous'] as const)
  .flatMap((side) => ['impressions', 'clicks', 'cost', 'conversions', 'value'].map((name) => `${side}_${name}`))
  .map((name) => `sum(${name}) AS ${name}`)
  .join(', ');

const comparisons = { above: '>', below: '<', atLeast: '>=', atMost: '<=' } as const;

/** Returns the expressions of a condition. */
export function conditionsOf({ metric, value, ...limits }: MetricCondition, parameters: Parameters): string[] {
  return (Object.keys(comparisons) as (keyof typeof comparisons)[]).flatMap((name) => {
    const limit = limits[name];
    if (limit === null || limit === undefined) return [];
    return [`${metricValue(metric, value)} ${comparisons[name]} ${parameters.add(limit)}::numeric`];
  });
}
