import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import type { Dimension } from './dimensions.js';
import { testOf } from './filter.js';
import type { Metric } from './metrics.js';
import type { FilterExpression, OrderBy } from './report-request.js';
import type { Cut, Slice } from './slice.js';
import { Tally } from './tally.js';

export interface Row {
  dimensions: string[];
  values: number[];
  tally: Tally;
}

export interface ReportTable {
  property: AnalyticsProperty;
  /** In the requested order; may include `dateRange`. */
  dimensionNames: string[];
  metricNames: string[];
  dimensions: Readonly<Record<string, Dimension>>;
  metrics: Readonly<Record<string, Metric>>;
  dimensionFilter?: FilterExpression | undefined;
  metricFilter?: FilterExpression | undefined;
  orderBys: OrderBy[];
  keepEmptyRows: boolean;
  /** Smallest units per unit of the requested currency. */
  unit: number;
  ranges: { name: string; slices: Iterable<Slice> }[];
}

/** Returns the cuts that these dimensions need. */
export function cutsOf(names: string[], dimensions: ReportTable['dimensions']): Set<Cut> {
  return new Set(names.flatMap((name) => dimensions[name]?.cut ?? []));
}

/** Returns a report's rows in order. */
export function tableOf(table: ReportTable): Row[] {
  const rows = table.ranges.flatMap((range) => rowsOfRange(table, range));
  for (const row of rows) row.values = valuesOf(row.tally, table);
  const passes = testOf(table.metricFilter);
  const kept = rows.filter(({ values }) => {
    const isEmpty = values.length > 0 && values.every((value) => value === 0);
    return (table.keepEmptyRows || !isEmpty) && passes((name) => String(values[table.metricNames.indexOf(name)] ?? 0));
  });
  return orderRows(kept, table);
}

/** Returns a tally's values in the metrics' order. */
export function valuesOf(tally: Tally, { metricNames, metrics, unit }: ReportTable): number[] {
  return metricNames.map((name) => metrics[name]?.of(tally, unit) ?? 0);
}

function rowsOfRange(table: ReportTable, range: ReportTable['ranges'][number]): Row[] {
  const { property, dimensionNames, dimensions } = table;
  const textOf = (slice: Slice, name: string) =>
    name === 'dateRange' ? range.name : (dimensions[name]?.of(slice, property) ?? '');
  const passes = testOf(table.dimensionFilter);
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

type Compare = (one: Row, other: Row) => number;

/** Sorts rows as requested, by default by the first metric, descending. */
function orderRows(
  rows: Row[],
  { orderBys, dimensionNames, metricNames }: { orderBys: OrderBy[]; dimensionNames: string[]; metricNames: string[] },
): Row[] {
  const wanted = orderBys.map((orderBy) => {
    const compare = comparisonOf(orderBy, dimensionNames, metricNames);
    return orderBy.desc ? reverse(compare) : compare;
  });
  const usual = [reverse(byMetric(0)), ...dimensionNames.map((_, at) => byText(at))];
  const comparisons = [...wanted, ...usual];
  return rows.sort((one, other) => {
    for (const compare of comparisons) {
      const order = compare(one, other);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function comparisonOf({ metric, dimension }: OrderBy, dimensionNames: string[], metricNames: string[]): Compare {
  if (metric) return byMetric(metricNames.indexOf(metric.metricName));
  const at = dimensionNames.indexOf(dimension?.dimensionName ?? '');
  switch (dimension?.orderType) {
    case 'NUMERIC':
      return (one, other) => Number(one.dimensions[at]) - Number(other.dimensions[at]) || 0;
    case 'CASE_INSENSITIVE_ALPHANUMERIC':
      return (one, other) => compareText(one.dimensions[at]?.toLowerCase(), other.dimensions[at]?.toLowerCase());
    default:
      return byText(at);
  }
}

function byMetric(at: number): Compare {
  return (one, other) => (one.values[at] ?? 0) - (other.values[at] ?? 0);
}

function byText(at: number): Compare {
  return (one, other) => compareText(one.dimensions[at], other.dimensions[at]);
}

function compareText(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}

function reverse(compare: Compare): Compare {
  return (one, other) => compare(other, one);
}
