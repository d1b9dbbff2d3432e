import type { Section } from '#reporting/dataset/dataset.js';
import type { ChartData } from '#reporting/rendering/charts/chart-data.js';
import { chartTitle } from '#reporting/rendering/charts/chart-title.js';
import { chartColors } from '#reporting/rendering/charts/colors.js';
import type { Texts } from '#reporting/texts/texts.js';
import { columnName, isExact, serialOf } from './cells.js';
import type { CachedRange, ChartPart } from './chart-parts.js';
import { CHECK_LOOKS, type Looks } from './looks.js';
import { DATE_FORMAT, formatOf, TEXT_FORMAT } from './number-formats.js';
import { quoteSheetName } from './sheet-names.js';
import type { Styles } from './styles.js';
import { type SheetCell, SheetRows, sheetEnd, sheetStart } from './worksheet.js';

/** A chart of a section and what is to be said about it. */
export interface PlacedChart {
  title: string;
  /** Null when it cannot be drawn. */
  part: ChartPart | null;
  notes: string[];
}

/** What the sheet is made of. */
export interface ChartDataInput {
  name: string;
  charts: { section: Section; data: ChartData[] }[];
  texts: Texts;
  looks: Looks;
  styles: Styles;
}

/** The sheet of the figures that the charts draw: a block for each. */
export class ChartDataSheet {
  readonly #input: ChartDataInput;
  readonly #rows: SheetRows;
  readonly #width: number;
  readonly #charts = new Map<string, PlacedChart[]>();

  constructor(input: ChartDataInput) {
    this.#input = input;
    const counts = input.charts.flatMap(({ data }) => data.map(({ lines }) => lines.length));
    this.#width = 1 + Math.max(1, ...counts);
    this.#rows = new SheetRows(this.#width, input.styles.indexOf(CHECK_LOOKS));
    for (const { section, data } of input.charts) {
      this.#charts.set(
        section.id,
        data.map((chart) => this.#add(chart, section)),
      );
    }
  }

  /** Returns the charts of a section. */
  chartsOf({ id }: Pick<Section, 'id'>): PlacedChart[] {
    return this.#charts.get(id) ?? [];
  }

  #nameOf({ name, isOthers }: { name: string | null; isOthers: boolean }, column: ChartData['by'] | null): string {
    const { texts } = this.#input;
    if (isOthers) return texts.text('chart.others');
    if (name === null || !column) return texts.text('chart.none');
    return texts.formatCell(name, column, null);
  }

  #add(data: ChartData, section: Section): PlacedChart {
    const { texts, looks, styles } = this.#input;
    const title = chartTitle(data, texts);
    const named = { title: { text: title } };
    if (data.problem) {
      const note = {
        EMPTY: () => `${title}: ${texts.text('chart.empty')}`,
        NOT_SUMMABLE: () => texts.text('sheet.chartNotSummable', named),
        TOO_MANY: () => texts.text('sheet.chartTooMany', named),
      }[data.problem]();
      return { title, part: null, notes: [note] };
    }

    const { chart, by, value, series, currency, categories, lines } = data;
    const format = formatOf(value, currency, texts.language);
    const textStyle = styles.indexOf({ format: TEXT_FORMAT });
    const dayStyle = styles.indexOf({ format: DATE_FORMAT });
    const valueStyle = styles.indexOf({ format });
    // Months are named; days and weeks are days of the axis, with its gaps.
    const isDays = by.kind === 'DATE' && by.key !== 'month' && chart.type !== 'DONUT';
    const serials = isDays ? categories.map(({ name }) => (name ? serialOf(name) : null)) : [];
    const areDays = isDays && serials.every((serial) => serial !== null);

    if (this.#rows.last > 0) this.#rows.skip();
    this.#rows.add([
      { text: `${texts.titleOf(section)} – ${title}`, style: styles.indexOf({ ...looks.heading, size: 12 }) },
    ]);
    const seriesNames = lines.map((line) => (series ? this.#nameOf(line, series) : texts.heading(value)));
    const headStyle = styles.indexOf(looks.head);
    this.#rows.add([
      { text: texts.heading(by), style: headStyle },
      ...seriesNames.map((text) => ({ text, style: styles.indexOf({ ...looks.head, horizontal: 'right' }) })),
    ]);
    const headRow = this.#rows.last;
    const names = categories.map((category) => this.#nameOf(category, by));
    categories.forEach((_, index) => {
      const first: SheetCell = areDays
        ? { number: String(serials[index]), style: dayStyle }
        : { text: names[index], style: textStyle };
      const values = lines.map(({ values }): SheetCell | undefined => {
        const cell = values[index];
        if (cell === null || cell === undefined) return undefined;
        return isExact(cell) ? { number: cell, style: valueStyle } : { text: cell, style: textStyle };
      });
      this.#rows.add([first, ...values]);
    });

    const rangeOf = (column: number, from: number, to: number, values: CachedRange['values']): CachedRange => {
      const name = columnName(column);
      const start = `$${name}$${from}`;
      return { reference: `${quoteSheetName(this.#input.name)}!${start}${to > from ? `:$${name}$${to}` : ''}`, values };
    };
    const seriesColors = chartColors(lines, looks);
    const [from, to] = [headRow + 1, this.#rows.last];
    const part: ChartPart = {
      type: chart.type,
      title,
      direction: texts.direction,
      dayFormat: areDays ? DATE_FORMAT : null,
      categories: rangeOf(0, from, to, areDays ? serials.map(String) : names),
      series: lines.map(({ values }, index) => ({
        name: rangeOf(index + 1, headRow, headRow, [seriesNames[index] ?? '']),
        color: seriesColors[index] as string,
        values: rangeOf(index + 1, from, to, values),
      })),
      sliceColors: chartColors(categories, looks),
      format,
    };
    const notes = data.omitted > 0 ? [texts.text('sheet.chartOmitted', { ...named, count: data.omitted })] : [];
    return { title, part, notes };
  }

  /** How many rows have a check, and how many columns are before it. */
  get size(): { rows: number; width: number } {
    return this.#rows.size;
  }

  *content(): Generator<string> {
    const { texts } = this.#input;
    yield sheetStart({
      direction: texts.direction,
      widths: [30, ...Array(this.#width - 1).fill(18), undefined],
      frozenRows: 0,
      hasGrid: true,
    });
    yield this.#rows.toString();
    yield sheetEnd({ isLandscape: false });
  }
}
