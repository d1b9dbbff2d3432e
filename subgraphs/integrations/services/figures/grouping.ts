import type { TimeUnit } from '#integrations/compared-days.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { refusal } from '#integrations/services/shared/refusal.js';

const MAX_DIMENSIONS = 3;
const MAX_CONDITIONS = 10;

/** Of the range, of the days it is compared with, or their difference. */
export type MetricValue = 'CURRENT' | 'PREVIOUS' | 'CHANGE' | 'CHANGE_PERCENT';

/** How rows are ordered. */
export interface MetricOrder<Metric extends string> {
  metric: Metric;
  /** CURRENT by default. */
  value?: MetricValue;
  /** DESC by default. */
  direction?: 'ASC' | 'DESC';
}

/** A condition of rows; exact decimals. */
export interface MetricCondition<Metric extends string> {
  metric: Metric;
  /** CURRENT by default. */
  value?: MetricValue;
  above?: string | null;
  below?: string | null;
  atLeast?: string | null;
  atMost?: string | null;
}

/** The arguments that group, order and limit rows. */
export interface Grouping<Dimension extends string, Metric extends string> {
  groupBy: readonly Dimension[];
  orderBy?: MetricOrder<Metric> | null;
  conditions?: MetricCondition<Metric>[] | null;
}

const units: ReadonlySet<string> = new Set<TimeUnit>(['DAY', 'WEEK', 'MONTH']);

/** Whether a dimension is a unit of time. */
export const isTimeUnit = (dimension: string): dimension is TimeUnit => units.has(dimension);

/** Returns the unit of time among dimensions. */
export const timeUnitOf = (dimensions: readonly string[]): TimeUnit | undefined => dimensions.find(isTimeUnit);

/** Throws InvalidInput for dimensions that do not go together, and for values that need a comparison without one. */
export function checkGrouping<Dimension extends string, Metric extends string>(
  { groupBy, orderBy, conditions }: Grouping<Dimension, Metric>,
  { isCompared }: { isCompared: boolean },
): void {
  if (groupBy.length > MAX_DIMENSIONS) throw refusal('groupBy', `must not have more than ${MAX_DIMENSIONS} dimensions`);
  if (new Set(groupBy).size < groupBy.length) throw refusal('groupBy', 'must not have a dimension twice');
  if (groupBy.filter(isTimeUnit).length > 1) throw refusal('groupBy', 'must have one of DAY, WEEK and MONTH only');
  checkSize('filter.metrics', conditions, MAX_CONDITIONS);
  const values = [
    { argument: 'orderBy', value: orderBy?.value },
    ...(conditions ?? []).map(({ value }) => ({ argument: 'filter.metrics', value })),
  ];
  for (const { argument, value = 'CURRENT' } of values) {
    if (!isCompared && value !== 'CURRENT') throw refusal(argument, `needs "compareTo" or "compareRange" for ${value}`);
  }
}
