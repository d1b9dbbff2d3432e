import type { Cell, Chart, Column, Row, Section } from '#reporting/dataset/dataset.js';
import { DecimalSum } from '#reporting/dataset/decimal-sum.js';

/** Why there is nothing to draw: no values, ratios that rows of one point cannot be summed to, or more points than are counted. */
export type ChartProblem = 'EMPTY' | 'NOT_SUMMABLE' | 'TOO_MANY';

/** A line, or the bars or slices of one colour. */
export interface ChartSeries {
  /** The value of the dimension `chart.series`; null where it has none, and when the chart has one series. */
  name: Cell;
  /** Whether it stands for all beyond `chart.top`. */
  isOthers: boolean;
  /** Exact decimals, one for each category; null where there is no value. */
  values: Cell[];
}

/** The figures of a chart in one currency: the same in every file. */
export interface ChartData {
  chart: Chart;
  value: Column;
  by: Column;
  series: Column | null;
  /** Of amounts; null of other figures. */
  currency: string | null;
  problem: ChartProblem | null;
  /** Along the axis, or the slices: days in order, others by value; null where the dimension has no value. */
  categories: { name: Cell; isOthers: boolean }[];
  lines: ChartSeries[];
  /** Categories or series left out, because they are beyond `chart.top` and cannot be summed, or have no slice. */
  omitted: number;
}

const MAX_POINTS = 50_000;
const MAX_DAYS = 1_100;
const DAY_MS = 86_400_000;

type Points = Map<Cell, Map<Cell, DecimalSum>>;

function allDays(start: string, end: string): string[] | null {
  const first = Date.parse(start);
  const count = (Date.parse(end) - first) / DAY_MS + 1;
  if (!(count >= 1 && count <= MAX_DAYS)) return null;
  return Array.from({ length: count }, (_, index) => new Date(first + index * DAY_MS).toISOString().slice(0, 10));
}

/** Splits keys into those that are shown and those beyond the first `top`, the largest first. */
function split(totals: Map<Cell, number>, top: number): { shown: Cell[]; others: Cell[] } {
  const names = [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name);
  // Others of one is that one.
  const count = names.length === top + 1 ? names.length : top;
  return { shown: names.slice(0, count), others: names.slice(count) };
}

class ChartInCurrency {
  readonly #points: Points = new Map();
  #pointCount = 0;
  #problem: ChartProblem | null = null;

  constructor(
    readonly columns: Pick<ChartData, 'chart' | 'value' | 'by' | 'series'>,
    readonly currency: string | null,
  ) {}

  add(by: Cell, series: Cell, value: string): void {
    if (this.#problem) return;
    const points = this.#points.get(by) ?? new Map<Cell, DecimalSum>();
    this.#points.set(by, points);
    let point = points.get(series);
    if (point) {
      if (!this.columns.value.isSummable) return void this.#giveUp('NOT_SUMMABLE');
    } else {
      this.#pointCount += 1;
      if (this.#pointCount > MAX_POINTS) return void this.#giveUp('TOO_MANY');
      point = new DecimalSum();
      points.set(series, point);
    }
    point.add(value);
  }

  #giveUp(problem: ChartProblem): void {
    this.#problem = problem;
    this.#points.clear();
  }

  /** Only for their order. */
  #totals(of: 'by' | 'series'): Map<Cell, number> {
    const totals = new Map<Cell, number>();
    for (const [by, points] of this.#points) {
      for (const [series, value] of points) {
        const name = of === 'by' ? by : series;
        totals.set(name, (totals.get(name) ?? 0) + Number(value.toString()));
      }
    }
    return totals;
  }

  result(days: Section['range']): ChartData {
    const { chart, value, by } = this.columns;
    const base = { ...this.columns, currency: this.currency, categories: [], lines: [], omitted: 0 };
    if (this.#problem || this.#points.size === 0) return { ...base, problem: this.#problem ?? 'EMPTY' };

    const isTime = by.kind === 'DATE';
    const totals = this.#totals('by');
    let omitted = 0;
    if (chart.type === 'DONUT') {
      for (const [name, total] of totals) if (total <= 0 && totals.delete(name)) omitted += 1;
      if (totals.size === 0) return { ...base, omitted, problem: 'EMPTY' };
    }
    const dates = [...totals.keys()].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const filled = chart.by === 'day' && days ? allDays(days.start, days.end) : null;
    const axis = isTime
      ? { shown: filled ? [...new Set<Cell>([...filled, ...dates])].sort() : dates, others: [] }
      : split(totals, chart.top);
    const lines = split(this.#totals('series'), chart.top);
    const areOthersShown = value.isSummable;
    if (!areOthersShown) omitted += axis.others.length + lines.others.length;

    const categories: { isOthers: boolean; names: Cell[] }[] = axis.shown.map((name) => ({
      isOthers: false,
      names: [name],
    }));
    if (areOthersShown && axis.others.length > 0) categories.push({ isOthers: true, names: axis.others });
    const series: { isOthers: boolean; names: Cell[] }[] = lines.shown.map((name) => ({
      isOthers: false,
      names: [name],
    }));
    if (areOthersShown && lines.others.length > 0) series.push({ isOthers: true, names: lines.others });

    const nameOf = ({ isOthers, names }: { isOthers: boolean; names: Cell[] }) =>
      isOthers ? null : (names[0] ?? null);
    return {
      ...base,
      problem: null,
      omitted,
      categories: categories.map((category) => ({ name: nameOf(category), isOthers: category.isOthers })),
      lines: series.map((line) => ({
        name: nameOf(line),
        isOthers: line.isOthers,
        values: categories.map((category) => this.#valueAt(category.names, line.names)),
      })),
    };
  }

  #valueAt(categories: Cell[], series: Cell[]): Cell {
    const values = categories.flatMap((category) => {
      const points = this.#points.get(category);
      return points ? series.flatMap((name) => points.get(name) ?? []) : [];
    });
    if (values.length === 0) return null;
    const sum = new DecimalSum();
    for (const value of values) sum.add(value.toString());
    return sum.toString();
  }
}

/**
 * Adds up the charts of a section while its rows are read, within bounded memory: a chart for each of `section.charts`, and for each
 * currency of its amounts. The sums are exact; charts whose columns the section lacks are left out.
 */
export class ChartSums {
  readonly #section: Section;
  readonly #currencyAt: number;
  readonly #charts: {
    columns: ChartInCurrency['columns'];
    at: { value: number; by: number; series: number };
    byCurrency: Map<string | null, ChartInCurrency>;
  }[];

  constructor(section: Section) {
    this.#section = section;
    const indexOf = (key: string | null) => section.columns.findIndex((column) => column.key === key);
    this.#currencyAt = indexOf('currency');
    this.#charts = section.charts.flatMap((chart) => {
      const at = { value: indexOf(chart.value), by: indexOf(chart.by), series: indexOf(chart.series) };
      const value = section.columns[at.value];
      const by = section.columns[at.by];
      if (!value || !by) return [];
      const columns = { chart, value, by, series: section.columns[at.series] ?? null };
      return [{ columns, at, byCurrency: new Map<string | null, ChartInCurrency>() }];
    });
  }

  add(row: Row): void {
    for (const { columns, at, byCurrency } of this.#charts) {
      const value = row[at.value];
      if (value === null || value === undefined) continue;
      const currency = columns.value.kind === 'MONEY' ? (row[this.#currencyAt] ?? null) : null;
      let chart = byCurrency.get(currency);
      if (!chart) {
        chart = new ChartInCurrency(columns, currency);
        byCurrency.set(currency, chart);
      }
      chart.add(row[at.by] ?? null, row[at.series] ?? null, value);
    }
  }

  /** Returns what to draw; a chart without any value has the problem `EMPTY`. */
  result(): ChartData[] {
    return this.#charts.flatMap(({ columns, byCurrency }) => {
      const charts = byCurrency.size > 0 ? [...byCurrency.values()] : [new ChartInCurrency(columns, null)];
      return charts.map((chart) => chart.result(this.#section.range));
    });
  }
}
