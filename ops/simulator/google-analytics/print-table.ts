import type { RealtimeRequest } from './report-request.js';
import { type ReportTable, type Row, valuesOf } from './table.js';
import { Tally } from './tally.js';

interface Print {
  table: ReportTable;
  rows: Row[];
  offset: number;
  limit: number;
  metrics: { name: string; invisible: boolean }[];
  aggregations: RealtimeRequest['metricAggregations'];
}

type Values = { dimensions: string[]; values: number[] };

/** Returns a report in the wire format, which omits what is empty. */
export function printTable({ table, rows, offset, limit, metrics, aggregations }: Print): Record<string, unknown> {
  const visible = metrics.flatMap(({ invisible }, at) => (invisible ? [] : [at]));
  const print = ({ dimensions, values }: Values) => ({
    ...(dimensions.length > 0 && { dimensionValues: dimensions.map((value) => ({ value })) }),
    ...(visible.length > 0 && { metricValues: visible.map((at) => ({ value: String(values[at] ?? 0) })) }),
  });
  const page = rows.slice(offset, offset + limit);
  const aggregate = (kind: 'TOTAL' | 'MINIMUM' | 'MAXIMUM') =>
    aggregations.includes(kind) && rows.length > 0 ? aggregatesOf(kind, table, rows).map(print) : undefined;
  const [totals, maximums, minimums] = [aggregate('TOTAL'), aggregate('MAXIMUM'), aggregate('MINIMUM')];
  return {
    ...(table.dimensionNames.length > 0 && { dimensionHeaders: table.dimensionNames.map((name) => ({ name })) }),
    ...(visible.length > 0 && {
      metricHeaders: visible.map((at) => {
        const name = table.metricNames[at] ?? '';
        return { name, type: table.metrics[name]?.type };
      }),
    }),
    ...(page.length > 0 && { rows: page.map(print) }),
    ...(totals && { totals }),
    ...(maximums && { maximums }),
    ...(minimums && { minimums }),
    ...(rows.length > 0 && { rowCount: rows.length }),
  };
}

// One aggregate per date range.
function aggregatesOf(kind: 'TOTAL' | 'MINIMUM' | 'MAXIMUM', table: ReportTable, rows: Row[]): Values[] {
  const at = table.dimensionNames.indexOf('dateRange');
  const ranges = at < 0 ? [undefined] : table.ranges.map(({ name }) => name);
  return ranges.map((range) => {
    const own = rows.filter(({ dimensions }) => range === undefined || dimensions[at] === range);
    return {
      dimensions: table.dimensionNames.map((name) => (name === 'dateRange' ? (range ?? '') : `RESERVED_${kind}`)),
      values: kind === 'TOTAL' ? totalOf(own, table) : extremesOf(kind, own, table),
    };
  });
}

function totalOf(rows: Row[], table: ReportTable): number[] {
  const total = new Tally();
  for (const { tally } of rows) total.merge(tally);
  return valuesOf(total, table);
}

function extremesOf(kind: 'MINIMUM' | 'MAXIMUM', rows: Row[], { metricNames }: ReportTable): number[] {
  return metricNames.map((_, at) =>
    rows
      .map(({ values }) => values[at] ?? 0)
      .reduce(
        (one, other) => (kind === 'MINIMUM' ? Math.min(one, other) : Math.max(one, other)),
        rows[0]?.values[at] ?? 0,
      ),
  );
}
