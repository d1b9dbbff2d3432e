import type { Column } from '#reporting/dataset/dataset.js';
import type { ChartData } from '#reporting/rendering/charts/chart-data.js';
import type { Texts } from '#reporting/texts/texts.js';
import { type Markup, markup, named, shorten } from './markup.js';

const WIDTH = 640;
const HEIGHT = 260;
const MARGIN = { top: 12, right: 16, bottom: 28, left: 76 };
const BAR_HEIGHT = 30;
const TICKS = 4;
const LABELS = 6;
const NAME_WIDTH = 190;
const NAME_CHARACTERS = 26;

// After the first, which is the primary colour of the branding: told apart with colour blindness (Okabe and Ito), 3:1 on white.
const COLORS = ['#b35c00', '#00796b', '#a3457c', '#2f77b0', '#8a6d00', '#6a51a3', '#c0392b', '#4d6b1f', '#5f6b7a'];

/** How charts of a report are drawn. */
export interface ChartStyle {
  primaryColor: string;
  texts: Texts;
}

const colorOf = ({ primaryColor }: ChartStyle, index: number) =>
  index === 0 ? primaryColor : (COLORS[(index - 1) % COLORS.length] as string);

const round = (number: number) => Math.round(number * 100) / 100;

/** Returns round numbers from at most `low` to at least `high`, equally far apart. */
export function ticksOf(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const magnitude = 10 ** Math.floor(Math.log10(span / TICKS));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => span / size <= TICKS) ?? span;
  const ticks: number[] = [];
  for (let index = Math.floor(low / step); ticks.length < TICKS + 3; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
    if (index * step >= high) break;
  }
  return ticks;
}

function labelOf(
  { name, isOthers }: ChartData['categories'][number],
  column: Column | null,
  { texts }: ChartStyle,
): string {
  if (isOthers) return texts.text('chart.others');
  if (name === null) return texts.text('chart.none');
  return shorten(column ? texts.formatCell(name, column, null) : name);
}

const cut = (name: string) => {
  const characters = [...name];
  return characters.length > NAME_CHARACTERS ? `${characters.slice(0, NAME_CHARACTERS - 1).join('')}…` : name;
};

const formatValue = ({ value, currency }: ChartData, { texts }: ChartStyle, number: number | string) =>
  texts.formatCell(String(number), value, currency);

/** Figures are drawn as numbers: the exact ones are in the tables. */
const numbersOf = (values: (string | null)[]) => values.map((value) => (value === null ? null : Number(value)));

function frame(data: ChartData, style: ChartStyle, height: number, content: Markup[]): Markup {
  const { texts } = style;
  const key = `chart.${data.chart.type}` as const;
  const values = { value: texts.heading(data.value), by: texts.heading(data.by) };
  return markup`<svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${texts.text(key, values)}" font-size="12" direction="ltr">${content}</svg>`;
}

const text = (x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string) =>
  markup`<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" unicode-bidi="plaintext">${content}</text>`;

function boundsOf(values: (number | null)[]): [low: number, high: number] {
  const given = values.filter((value) => value !== null);
  return [Math.min(0, ...given), Math.max(0, ...given)];
}

/** Returns the horizontal lines of round numbers, and where a number is between them. */
function verticalScale(data: ChartData, style: ChartStyle, numbers: (number | null)[]) {
  const ticks = ticksOf(...boundsOf(numbers));
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const y = (number: number) =>
    HEIGHT - MARGIN.bottom - ((number - low) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const grid = ticks.map(
    (tick) =>
      markup`<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${round(y(tick))}" y2="${round(y(tick))}" class="grid"/>${text(MARGIN.left - 8, y(tick) + 4, 'end', formatValue(data, style, tick))}`,
  );
  return { y, grid };
}

/** Returns the labels under the axis, as many as there is room for. */
function categoryLabels(data: ChartData, style: ChartStyle, x: (index: number) => number): Markup[] {
  const { categories, by } = data;
  const every = Math.max(1, Math.ceil(categories.length / LABELS));
  return categories.map((label, index) => {
    if (index % every !== 0) return markup``;
    const { name: day } = label;
    const isDay = by.kind === 'DATE' && by.key !== 'month' && day !== null;
    const name = isDay ? style.texts.formats.shortDay(day) : cut(labelOf(label, by, style));
    return text(x(index), HEIGHT - 8, 'middle', name);
  });
}

function lineChart(data: ChartData, style: ChartStyle): Markup {
  const { categories, lines: series } = data;
  const numbers = series.map(({ values }) => numbersOf(values));
  const { y, grid } = verticalScale(data, style, numbers.flat());
  const inner = WIDTH - MARGIN.left - MARGIN.right;
  const x = (index: number) => MARGIN.left + (inner * (index + 0.5)) / categories.length;
  const drawn = numbers.map((values, of) => {
    const color = colorOf(style, of);
    let path = '';
    const dots: Markup[] = [];
    values.forEach((value, index) => {
      if (value === null) return;
      const isContinued = index > 0 && values[index - 1] !== null;
      path += `${isContinued ? 'L' : 'M'}${round(x(index))} ${round(y(value))}`;
      const isAlone = !isContinued && (values[index + 1] ?? null) === null;
      if (isAlone) dots.push(markup`<circle cx="${round(x(index))}" cy="${round(y(value))}" r="3" fill="${color}"/>`);
    });
    return markup`<path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>${dots}`;
  });
  return frame(data, style, HEIGHT, [...grid, ...drawn, ...categoryLabels(data, style, x)]);
}

function columnChart(data: ChartData, style: ChartStyle): Markup {
  const { categories, lines: series } = data;
  const numbers = series.map(({ values }) => numbersOf(values));
  const { y, grid } = verticalScale(data, style, numbers.flat());
  const inner = WIDTH - MARGIN.left - MARGIN.right;
  const slot = inner / Math.max(1, categories.length);
  const width = (slot * 0.8) / series.length;
  const bars = numbers.flatMap((values, of) =>
    values.map((value, index) => {
      if (value === null) return markup``;
      const left = MARGIN.left + slot * index + slot * 0.1 + width * of;
      const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      return markup`<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(bottom - top)}" fill="${colorOf(style, of)}"/>`;
    }),
  );
  const x = (index: number) => MARGIN.left + slot * (index + 0.5);
  return frame(data, style, HEIGHT, [...grid, ...bars, ...categoryLabels(data, style, x)]);
}

/** Names of what is not a day are long: they stand beside horizontal bars. */
function barChart(data: ChartData, style: ChartStyle): Markup {
  if (data.by.kind === 'DATE') return columnChart(data, style);
  const { categories, lines: series, by } = data;
  const numbers = series.map(({ values }) => numbersOf(values));
  const [low, high] = boundsOf(numbers.flat());
  const [start, end] = [NAME_WIDTH, WIDTH - 110];
  const x = (number: number) => start + ((number - low) / (high - low || 1)) * (end - start);
  const perRow = BAR_HEIGHT + (series.length - 1) * 14;
  const bars = categories.map((label, index) => {
    const top = index * perRow + 4;
    const height = (perRow - 8) / series.length;
    const ofSeries = numbers.map((values, of) => {
      const value = values[index] ?? null;
      if (value === null) return markup``;
      const [left, right] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
      const y = top + of * height;
      const shown = formatValue(data, style, series[of]?.values[index] ?? '0');
      return markup`<rect x="${round(left)}" y="${round(y)}" width="${round(Math.max(1, right - left))}" height="${round(Math.max(2, height - 2))}" fill="${colorOf(style, of)}"/>${text(right + 6, y + height / 2 + 3, 'start', shown)}`;
    });
    return markup`${text(start - 10, top + (perRow - 8) / 2 + 4, 'end', cut(labelOf(label, by, style)))}${ofSeries}`;
  });
  return frame(data, style, Math.max(1, categories.length) * perRow, bars);
}

function donutChart(data: ChartData, style: ChartStyle): Markup {
  const values = numbersOf(data.lines[0]?.values ?? []).map((value) => Math.max(0, value ?? 0));
  const total = values.reduce((sum, value) => sum + value, 0);
  const [cx, cy, radius] = [WIDTH / 2, 120, 84];
  const circumference = 2 * Math.PI * radius;
  let offset = 0;
  const slices = values.map((value, index) => {
    const length = total > 0 ? (value / total) * circumference : 0;
    const slice = markup`<circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="${colorOf(style, index)}" stroke-width="44" stroke-dasharray="${round(length)} ${round(circumference - length)}" stroke-dashoffset="${round(-offset)}" transform="rotate(-90 ${cx} ${cy})"/>`;
    offset += length;
    return slice;
  });
  return frame(data, style, 240, slices);
}

const draw = { LINE: lineChart, BAR: barChart, DONUT: donutChart };

function legend(data: ChartData, style: ChartStyle): Markup | null {
  const { chart, categories, lines, series, by } = data;
  const swatch = (index: number) =>
    markup`<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${colorOf(style, index)}"/></svg>`;
  if (chart.type === 'DONUT') {
    const values = lines[0]?.values ?? [];
    const total = numbersOf(values).reduce<number>((sum, value) => sum + Math.max(0, value ?? 0), 0);
    return markup`<ul class="legend">${categories.map((label, index) => {
      const value = values[index] ?? null;
      const share = total > 0 ? style.texts.formats.percent((Math.max(0, Number(value ?? 0)) / total).toFixed(4)) : '';
      const shown = value === null ? style.texts.text('value.none') : formatValue(data, style, value);
      return markup`<li>${swatch(index)} ${named(labelOf(label, by, style))}: <bdi>${shown}</bdi> ${share && markup`(<bdi>${share}</bdi>)`}</li>`;
    })}</ul>`;
  }
  if (!series) return null;
  return markup`<ul class="legend">${lines.map(
    (line, index) => markup`<li>${swatch(index)} ${named(labelOf(line, series, style))}</li>`,
  )}</ul>`;
}

/** Returns a chart with its title and legend. Vectors, with presentation attributes only: the page allows no styles inside. */
export function chartFigure(data: ChartData, style: ChartStyle): Markup {
  const { texts } = style;
  const of = data.currency ? ` (${data.currency})` : '';
  const title = markup`<figcaption>${texts.heading(data.value)}${of} · ${texts.heading(data.by)}</figcaption>`;
  if (data.problem) return markup`<figure>${title}<p>${texts.text('chart.empty')}</p></figure>`;
  return markup`<figure>${title}<div class="wide" dir="ltr">${draw[data.chart.type](data, style)}</div>${legend(data, style)}</figure>`;
}
