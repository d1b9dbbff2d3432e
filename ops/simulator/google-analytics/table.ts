import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import type { Dimension } from './dimensions.js';
import { testOf } from './filter.js';
import type { Metric } from './metrics.js';
import { orderRows } from './order-rows.js';
import type { FilterExpression, OrderBy } from './report-request.js';
import type { Cut, Slice } from './slice.js';
import { Tally } from './tally.js';

export interface Row {
  dimensions: string[];
  values: number[];
  tally: Tally;
}

export interface TableWish {
  property: AnalyticsProperty;
  /** Names in the order asked for; `dateRange` may stand among them. */
  dimensionNames: string[];
  metricNames: string[];
  dimensions: Readonly<Record<string, Dimension>>;
  metrics: Readonly<Record<string, Metric>>;
  dimensionFilter?: FilterExpression | undefined;
  metricFilter?: FilterExpression | undefined;
  orderBys: OrderBy[];
  keepEmptyRows: boolean;
  /** What of the smallest unit makes one of the currency asked for. */
  unit: number;
  ranges: { name: string; slices: Iterable<Slice> }[];
}

/** Returns by what slices must be cut for a report with these dimensions. */
export function cutsOf(names: string[], dimensions: TableWish['dimensions']): Set<Cut> {
  return new Set(names.flatMap((name) => dimensions[name]?.cut ?? []));
}

/** Returns all rows of a report in their order. */
export function tableOf(wish: TableWish): Row[] {
  const rows = wish.ranges.flatMap((range) => rowsOfRange(wish, range));
  for (const row of rows) row.values = valuesOf(row.tally, wish);
  const passes = testOf(wish.metricFilter);
  const kept = rows.filter(({ values }) => {
    const isEmpty = values.length > 0 && values.every((value) => value === 0);
    return (wish.keepEmptyRows || !isEmpty) && passes((name) => String(values[wish.metricNames.indexOf(name)] ?? 0));
  });
  return orderRows(kept, wish);
}

/** Returns the values of a tally, in the order of the metrics. */
export function valuesOf(tally: Tally, { metricNames, metrics, unit }: TableWish): number[] {
  return metricNames.map((name) => metrics[name]?.of(tally, unit) ?? 0);
}

function rowsOfRange(wish: TableWish, range: TableWish['ranges'][number]): Row[] {
  const { property, dimensionNames, dimensions } = wish;
  const textOf = (slice: Slice, name: string) =>
    name === 'dateRange' ? range.name : (dimensions[name]?.of(slice, property) ?? '');
  const passes = testOf(wish.dimensionFilter);
  const rows = new Map<string, Row>();
  for (const slice of range.slices) {
    if (!passes((name) => textOf(slice, name))) continue;
    const values = dimensionNames.map((name) => textOf(slice, name));
    const key = values.join('\u0000');
    const row = rows.get(key) ?? { dimensions: values, values: [], tally: new Tally() };
    row.tally.add(slice);
    rows.set(key, row);
  }
  return [...rows.values()];
}
