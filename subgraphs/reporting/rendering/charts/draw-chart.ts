import type { Cell } from '#reporting/dataset/dataset.js';
import type { Branding } from '#reporting/rendering/renderer.js';
import type { Texts } from '#reporting/texts/texts.js';
import { shownLabels, ticksOf } from './axis.js';
import type { ChartData } from './chart-data.js';
import { chartTitle } from './chart-title.js';
import { chartColors, OTHERS_COLOR } from './colors.js';
import { type Mark, type PathCommand, polyline, rectanglePath, ringPath, type Scene } from './scene.js';

/** What a category or a series stands for: a cell of its column, or those beyond the first ones. */
type ChartLabel = Pick<ChartData['lines'][number], 'name' | 'isOthers'>;

/** What charts are drawn with. */
export interface ChartStyle {
  width: number;
  texts: Texts;
  branding: Pick<Branding, 'primaryColor' | 'accentColor'>;
  /** Returns how wide a text is in points. */
  measure(text: string, size: number, isBold?: boolean): number;
}

const SIZE = 7.5;
const INK = '#1f2933';
const GREY = '#5f6b7a';
const GRID = '#dfe4ea';

const DASHES = [0, 4, 1.5];

/** Draws the marks of one chart and knows its words. */
class Drawing {
  readonly marks: Mark[] = [];
  readonly #data: ChartData;
  readonly #style: ChartStyle;

  constructor(data: ChartData, style: ChartStyle) {
    this.#data = data;
    this.#style = style;
  }

  nameOf({ name, isOthers }: ChartLabel, column = this.#data.by): string {
    const { texts } = this.#style;
    if (isOthers) return texts.text('chart.others');
    if (name === null) return texts.text('chart.none');
    return column.kind === 'DATE' && column.key !== 'month'
      ? texts.formats.shortDay(name)
      : texts.formatCell(name, column, null);
  }

  valueOf(value: Cell): string {
    return this.#style.texts.formatCell(value, this.#data.value, this.#data.currency);
  }

  /** Shortens a text until it fits, with an ellipsis. */
  fit(text: string, width: number, isBold = false): string {
    if (this.#style.measure(text, SIZE, isBold) <= width) return text;
    const characters = Array.from(new Intl.Segmenter().segment(text.slice(0, 200)), ({ segment }) => segment);
    let [low, high] = [0, characters.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const fits = this.#style.measure(`${characters.slice(0, middle).join('')}…`, SIZE, isBold) <= width;
      if (fits) low = middle;
      else high = middle - 1;
    }
    return `${characters.slice(0, low).join('')}…`;
  }

  text(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end', color = GREY, bold = false): void {
    this.marks.push({ kind: 'text', text, x, y, size: SIZE, anchor, color, bold });
  }

  path(commands: PathCommand[], paint: { fill?: string; stroke?: string; width?: number; dash?: number }): void {
    this.marks.push({ kind: 'path', commands, ...paint });
  }

  measure(text: string, isBold = false): number {
    return this.#style.measure(text, SIZE, isBold);
  }

  /** Draws names with their colours in rows, and returns where they end. */
  legend(names: string[], colors: string[], width: number, top: number, dashes?: number[]): number {
    let [x, y] = [0, top];
    const isRightToLeft = this.#style.texts.direction === 'rtl';
    names.forEach((full, index) => {
      const name = this.fit(full, width / 2 - 20);
      const length = this.measure(name) + 26;
      if (x + length > width && x > 0) [x, y] = [0, y + 13];
      const left = isRightToLeft ? width - x : x;
      const boxLeft = isRightToLeft ? left - 9 : left;
      const [stroke, dash] = [colors[index], dashes?.[index % dashes.length]];
      if (dash === undefined) this.path(rectanglePath(boxLeft, y, 9, 9), { fill: stroke });
      else
        this.path(
          polyline([
            [boxLeft, y + 4.5],
            [boxLeft + 9, y + 4.5],
          ]),
          { stroke, width: 2, dash },
        );
      this.text(name, isRightToLeft ? left - 13 : left + 13, y + 7.5, isRightToLeft ? 'end' : 'start', INK);
      x += length;
    });
    return names.length > 0 ? y + 18 : top;
  }
}

/** Draws a chart as wide as asked for; its height follows from what is in it. */
export function drawChart(data: ChartData, style: ChartStyle): Scene {
  const { texts } = style;
  const title = chartTitle(data, texts);
  const drawing = new Drawing(data, style);
  const values = data.lines.flatMap((series) => series.values.map((cell) => Number(cell ?? 0)));
  if (data.problem || values.every((value) => value === 0)) {
    const why =
      data.problem && data.problem !== 'EMPTY' ? texts.text(`chart.${data.problem}`) : texts.text('chart.empty');
    drawing.text(why, style.width / 2, 16, 'middle');
    return { width: style.width, height: 26, title, marks: drawing.marks };
  }
  let height = draw[data.chart.type](drawing, data, style, values);
  if (data.omitted > 0) {
    const isRightToLeft = texts.direction === 'rtl';
    const note = texts.text('chart.omitted', { count: data.omitted });
    drawing.text(note, isRightToLeft ? style.width : 0, height + 10, isRightToLeft ? 'end' : 'start');
    height += 16;
  }
  return { width: style.width, height, title, marks: drawing.marks };
}

/** Draws the lines of the values, and returns where the plot starts. */
function drawGrid(drawing: Drawing, ticks: number[], style: ChartStyle, top: number, height: number): number {
  const labels = ticks.map((tick) => drawing.valueOf(String(tick)));
  const room = Math.max(...labels.map((label) => drawing.measure(label))) + 8;
  const [lowest, highest] = [ticks[0] as number, ticks.at(-1) as number];
  ticks.forEach((tick, index) => {
    const y = top + height - ((tick - lowest) / (highest - lowest)) * height;
    const points: [number, number][] = [
      [room, y],
      [style.width, y],
    ];
    drawing.path(polyline(points), { stroke: tick === 0 ? GREY : GRID, width: tick === 0 ? 0.8 : 0.5 });
    drawing.text(labels[index] as string, room - 5, y + 2.6, 'end');
  });
  return room;
}

function drawLines(drawing: Drawing, data: ChartData, style: ChartStyle, values: number[]): number {
  const labels = data.lines;
  const colors = chartColors(labels, style.branding);
  const { series: column } = data;
  const names = column ? labels.map((label) => drawing.nameOf(label, column)) : [];
  const top = drawing.legend(names, colors, style.width, 0, DASHES) + 6;
  const height = 130;
  const ticks = ticksOf(values, 5);
  const [lowest, highest] = [ticks[0] as number, ticks.at(-1) as number];
  const left = drawGrid(drawing, ticks, style, top, height);
  const step = (style.width - left) / data.categories.length;
  const xOf = (index: number) => left + (index + 0.5) * step;
  const yOf = (cell: string) => top + height - ((Number(cell) - lowest) / (highest - lowest)) * height;

  const days = data.categories.map((label) => drawing.nameOf(label));
  const fitted = days.map((day) => drawing.fit(day, Math.max(step - 4, 70)));
  shownLabels(
    fitted.map((day) => drawing.measure(day)),
    style.width - left,
  ).forEach((isShown, index) => {
    const day = fitted[index] as string;
    const x = Math.min(xOf(index), style.width - drawing.measure(day) / 2);
    if (isShown) drawing.text(day, x, top + height + 12, 'middle');
  });

  data.lines.forEach((series, index) => {
    const dash = DASHES[index % DASHES.length];
    // A day without a value is a gap, not zero.
    const pieces: [number, number][][] = [[]];
    series.values.forEach((cell, position) => {
      if (cell === null) pieces.push([]);
      else pieces.at(-1)?.push([xOf(position), yOf(cell)]);
    });
    for (const points of pieces) {
      const [first] = points;
      if (points.length > 1) drawing.path(polyline(points), { stroke: colors[index], width: 1.6, dash });
      else if (first) drawing.path(rectanglePath(first[0] - 1.5, first[1] - 1.5, 3, 3), { fill: colors[index] });
    }
  });
  return top + height + 20;
}

const BAR = 9;

/** Bars lie: names of campaigns are long. */
function drawBars(drawing: Drawing, data: ChartData, style: ChartStyle, values: number[]): number {
  const labels = data.lines;
  const colors = chartColors(labels, style.branding);
  const { series: column } = data;
  const names = column ? labels.map((label) => drawing.nameOf(label, column)) : [];
  let y = drawing.legend(names, colors, style.width, 0) + 4;
  const isRightToLeft = style.texts.direction === 'rtl';
  const categories = data.categories.map((label) => drawing.fit(drawing.nameOf(label), style.width * 0.32));
  const namesWidth = Math.max(...categories.map((name) => drawing.measure(name))) + 8;
  const texts = data.lines.map((series) => series.values.map((cell) => (cell === null ? '' : drawing.valueOf(cell))));
  const valuesWidth = Math.max(...texts.flat().map((text) => drawing.measure(text))) + 8;
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = style.width - namesWidth - valuesWidth - (lowest < 0 ? valuesWidth : 0);
  const scale = room / (highest - lowest);
  const zero = namesWidth + (lowest < 0 ? valuesWidth : 0) - lowest * scale;
  const place = (x: number) => (isRightToLeft ? style.width - x : x);
  const [startAnchor, endAnchor] = isRightToLeft ? (['end', 'start'] as const) : (['start', 'end'] as const);

  const from = y;
  data.categories.forEach((_, index) => {
    const height = data.lines.length * BAR;
    drawing.text(categories[index] as string, place(namesWidth - 6), y + height / 2 + 2.6, endAnchor, INK);
    data.lines.forEach((series, position) => {
      const cell = series.values[index] ?? null;
      const length = Number(cell ?? 0) * scale;
      const left = Math.min(place(zero), place(zero + length));
      const top = y + position * BAR;
      if (length !== 0) {
        const isOthers = data.lines.length === 1 && data.categories[index]?.isOthers;
        const fill = isOthers ? OTHERS_COLOR : colors[position];
        drawing.path(rectanglePath(left, top + 0.5, Math.abs(length), BAR - 1), { fill });
      }
      const end = place(zero + length + (length < 0 ? -4 : 4));
      drawing.text(texts[position]?.[index] ?? '', end, top + BAR / 2 + 2.6, length < 0 ? endAnchor : startAnchor);
    });
    y += height + 5;
  });
  drawing.path(
    polyline([
      [place(zero), from - 2],
      [place(zero), y - 3],
    ]),
    { stroke: GREY, width: 0.8 },
  );
  return y + 2;
}

function drawRing(drawing: Drawing, data: ChartData, style: ChartStyle, values: number[]): number {
  const parts = data.categories.map((label, index) => ({
    label,
    value: data.lines.reduce((sum, series) => sum + Number(series.values[index] ?? 0), 0),
    text: data.lines.length === 1 ? (data.lines[0]?.values[index] ?? null) : null,
  }));
  const total = values.reduce((sum, value) => sum + value, 0);
  const colors = chartColors(data.categories, style.branding);
  const isRightToLeft = style.texts.direction === 'rtl';
  const radius = 62;
  const height = Math.max(2 * radius + 8, parts.length * 15 + 8);
  const centerX = isRightToLeft ? style.width - radius - 8 : radius + 8;
  let angle = 0;
  parts.forEach(({ value }, index) => {
    const next = angle + (value / total) * 2 * Math.PI;
    const path = ringPath(centerX, height / 2, radius, radius * 0.58, angle, next);
    if (value > 0) drawing.path(path, { fill: colors[index], stroke: '#ffffff', width: 0.8 });
    angle = next;
  });

  const listStart = 2 * radius + 32;
  const listWidth = Math.min(style.width - listStart, 340);
  const place = (x: number) => (isRightToLeft ? style.width - x : x);
  const [startAnchor, endAnchor] = isRightToLeft ? (['end', 'start'] as const) : (['start', 'end'] as const);
  let y = (height - parts.length * 15) / 2;
  parts.forEach(({ label, value, text }, index) => {
    const share = style.texts.formats.percent((value / total).toFixed(4));
    const amount = text === null ? '' : drawing.valueOf(text);
    const left = isRightToLeft ? place(listStart) - 9 : listStart;
    drawing.path(rectanglePath(left, y, 9, 9), { fill: colors[index] });
    const figures = Math.max(drawing.measure(amount), 1) + 52;
    const name = drawing.fit(drawing.nameOf(label), listWidth - 13 - figures - 8);
    drawing.text(name, place(listStart + 13), y + 7.5, startAnchor, INK);
    drawing.text(amount, place(listStart + listWidth - 46), y + 7.5, endAnchor, INK);
    drawing.text(share, place(listStart + listWidth), y + 7.5, endAnchor, GREY);
    y += 15;
  });
  return height;
}

const draw = { LINE: drawLines, BAR: drawBars, DONUT: drawRing };
