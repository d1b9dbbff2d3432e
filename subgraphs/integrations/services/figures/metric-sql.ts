import type { MetricCondition, MetricValue } from './grouping.js';
import type { Parameters } from './parameters.js';

/** Figures of the range, or of the days it is compared with. */
export type Side = 'current' | 'previous';

export const SIDES: readonly Side[] = ['current', 'previous'];

/** Returns the sum of a column over the rows that meet a condition: zero without rows, and null where none has a value. */
export const reportedSum = (column: string, rows: string): string =>
  `CASE WHEN count(*) FILTER (WHERE ${rows}) = 0 THEN 0 ELSE sum(${column}) FILTER (WHERE ${rows}) END`;

/** Returns the sums of a side as an object of exact text. */
export const sumsAsText = (names: readonly string[], side: Side): string =>
  `json_build_object(${names.map((name) => `'${name}', ${side}_${name}::text`).join(', ')})`;

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
