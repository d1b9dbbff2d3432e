import type { OrderBy } from './report-request.js';
import type { Row } from './table.js';

type Compare = (one: Row, other: Row) => number;

/** Returns rows in the order asked for; otherwise the highest first metric stands first. */
export function orderRows(
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
