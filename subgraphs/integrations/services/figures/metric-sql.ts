import type { MetricCondition, MetricValue } from './grouping.js';
import type { Parameters } from './parameters.js';

/** Figures of the range, or of the days it is compared with. */
export type Side = 'current' | 'previous';

const comparisons = { above: '>', below: '<', atLeast: '>=', atMost: '<=' } as const;

/** The expressions of metrics over the sums of a row. */
export interface MetricSql<Metric extends string> {
  /** Returns the expression of a value, of the range by default. */
  valueSql(metric: Metric, value?: MetricValue): string;
  /** Returns the expressions of a condition. */
  conditionsSql(condition: MetricCondition<Metric>, parameters: Parameters): string[];
}

/** Returns the expressions of values and conditions, given that of each metric on a side. */
export function metricSql<Metric extends string>(metricOf: Record<Metric, (side: Side) => string>): MetricSql<Metric> {
  function valueSql(metric: Metric, value: MetricValue = 'CURRENT'): string {
    const [current, previous] = [`(${metricOf[metric]('current')})`, `(${metricOf[metric]('previous')})`];
    const values: Record<MetricValue, string> = {
      CURRENT: current,
      PREVIOUS: previous,
      CHANGE: `(${current} - ${previous})`,
      CHANGE_PERCENT: `((${current} - ${previous}) * 100 / nullif(${previous}, 0))`,
    };
    return values[value];
  }
  return {
    valueSql,
    conditionsSql: ({ metric, value, ...limits }, parameters) =>
      (Object.keys(comparisons) as (keyof typeof comparisons)[]).flatMap((name) => {
        const limit = limits[name];
        if (limit === null || limit === undefined) return [];
        return [`${valueSql(metric, value)} ${comparisons[name]} ${parameters.add(limit)}::numeric`];
      }),
  };
}
