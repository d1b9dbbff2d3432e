import type { Cell, Column, Row, Section } from '#reporting/dataset/dataset.js';

/** The word of a metric without capitals and underscores: `conversion_value` is `conversionvalue`. */
export const metricWord = (metric: string): string => metric.replaceAll('_', '').toLowerCase();

interface MetricColumns {
  current?: number;
  previous?: number;
  change?: number;
}

// What names a row: the most specific dimension there is.
const SUBJECTS = [
  ...['query', 'page', 'landingpage', 'event', 'post', 'campaign', 'place', 'location', 'budget', 'target', 'account'],
  ...['sourcemedium', 'channel', 'campaigntype', 'objective', 'device', 'country', 'client', 'provider', 'status'],
];

const TIMES = ['day', 'week', 'month'];

/** Finds the cells of a section's rows and totals by metric. */
export class SectionFigures {
  readonly section: Section;
  readonly #metrics = new Map<string, MetricColumns>();
  readonly #currency: number;
  readonly #month: number;
  readonly #subject: number;
  /** Whether rows are days, weeks or months. */
  readonly hasTime: boolean;

  constructor(section: Section) {
    this.section = section;
    const { columns } = section;
    for (const [index, { metric, role }] of columns.entries()) {
      if (metric === null || role === 'DIMENSION') continue;
      const word = metricWord(metric);
      const found = this.#metrics.get(word) ?? {};
      const place = role.toLowerCase() as keyof MetricColumns;
      found[place] ??= index;
      this.#metrics.set(word, found);
    }
    // Countries and currencies are identifiers, too: by code.
    const dimensions = columns.map(({ key, role }) => (role === 'DIMENSION' ? metricWord(key) : ''));
    this.#currency = dimensions.indexOf('currency');
    this.#month = dimensions.indexOf('month');
    const word = SUBJECTS.find((subject) => dimensions.includes(subject));
    this.#subject = word
      ? dimensions.indexOf(word)
      : columns.findIndex(({ kind, role, key }) => kind === 'TEXT' && role === 'DIMENSION' && key !== 'currency');
    this.hasTime = dimensions.some((dimension) => TIMES.includes(dimension));
  }

  /** The metrics with a figure of the range. */
  get metrics(): string[] {
    return [...this.#metrics].filter(([, { current }]) => current !== undefined).map(([word]) => word);
  }

  has(metric: string): boolean {
    return this.#metrics.get(metric)?.current !== undefined;
  }

  columnOf(metric: string): Column | undefined {
    const index = this.#metrics.get(metric)?.current;
    return index === undefined ? undefined : this.section.columns[index];
  }

  cellOf(cells: readonly Cell[], metric: string, of: keyof MetricColumns = 'current'): Cell {
    const index = this.#metrics.get(metric)?.[of];
    return index === undefined ? null : (cells[index] ?? null);
  }

  /** A figure to compare with, never to print; null where there is none. */
  numberOf(cells: readonly Cell[], metric: string, of: keyof MetricColumns = 'current'): number | null {
    const cell = this.cellOf(cells, metric, of);
    const number = cell === null || cell === '' ? Number.NaN : Number(cell);
    return Number.isFinite(number) ? number : null;
  }

  currencyOf(cells: readonly Cell[]): string | null {
    return this.#currency < 0 ? null : (cells[this.#currency] ?? null);
  }

  /** Whether it has a row, or a total that is not zero. */
  get hasFigures(): boolean {
    const { rowCount, totals } = this.section;
    return rowCount > 0 || totals.some((cells) => this.metrics.some((metric) => this.numberOf(cells, metric)));
  }

  /** The month of a row, by its first day; null without one. */
  monthOf(cells: readonly Cell[]): string | null {
    return this.#month < 0 ? null : (cells[this.#month] ?? null);
  }

  /** What a row is named by; undefined without a dimension. */
  get subject(): Column | undefined {
    return this.#subject < 0 ? undefined : this.section.columns[this.#subject];
  }

  nameOf(row: Row): string | null {
    const name = this.#subject < 0 ? null : row[this.#subject];
    return name?.trim() ? name : null;
  }

  /** The sums of a currency; of the only one there is when rows have none. */
  totalsOf(currency: string | null): Cell[] | undefined {
    const { totals } = this.section;
    if (totals.length === 1) return totals[0];
    return totals.find((cells) => this.currencyOf(cells) === currency);
  }
}
