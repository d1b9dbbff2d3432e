import LineBreaker from 'linebreak';
import { LRUCache } from 'lru-cache';
import { type Canvas, fillColor, number, spanOf } from '#reporting/rendering/pdf/canvas.js';
import type { Document } from '#reporting/rendering/pdf/pdfkit.js';
import { Fonts, type Weight } from './fonts.js';
import type { Glyph } from './glyph.js';
import { type Base, type Itemized, Itemizer, inVisualOrder, type Run, runsOf } from './itemize.js';
import { PictureFonts } from './picture-font.js';

/** How a text is drawn; the size is in points. */
export interface Style {
  size: number;
  weight?: Weight;
  color?: string;
}

/** A line that is ready to be drawn; its width is in points. */
export interface Line {
  parts: (Run & { glyphs: Glyph[] })[];
  width: number;
  /** How far what is drawn begins before the line: the space that it ends with, when it runs from right to left. */
  overhang: number;
  /** Whether its paragraph runs from right to left. */
  isRightToLeft: boolean;
}

export type Align = 'left' | 'right' | 'center';

/** The distance of lines, and of the top of a line from where its letters stand, as multiples of the size. */
export const LEADING = 1.38;
const BASELINE = 1.06;

const DEFAULT_COLOR = '#1f2933';

// Letters that need neither shaping nor bidi, from Latin, Greek and Cyrillic, and the usual signs.
const PLAIN = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02af\u0370-\u052f\u2010-\u2015\u2018-\u2022\u2026\u20ac\u2212]*$/;
// Embeddings and overrides of one name would turn around what it is not: isolates cannot.
const CONTROLS = /[\p{Cc}\u202a-\u202e]/gu;
const LINE_ENDS = /\r\n?|[\n\u2028\u2029]/;

/** Returns what lines say, glyph by glyph from left to right, without spaces: what a reader of the file finds. */
export const spelled = (lines: Line[]): string => lines.map(spelledLine).join('');

function spelledLine({ parts }: Line): string {
  let spelling = '';
  for (const { glyphs } of parts) for (const { text } of glyphs) spelling += text;
  return spelling.replace(/\s+/g, '');
}

const lengthOf = (glyphs: Glyph[]): number => glyphs.reduce((sum, { advance }) => sum + advance, 0);

/** Lays out and draws texts of any script in one document: fonts by character, bidi, shaping, line breaks. */
export class TextEngine {
  readonly pictures: PictureFonts;
  readonly #fonts: Fonts;
  readonly #itemizer: Itemizer;
  readonly #lines = new LRUCache<string, Line[]>({ max: 2_000 });

  constructor(document: Document) {
    this.#fonts = new Fonts(document);
    this.pictures = new PictureFonts(document);
    this.#itemizer = new Itemizer(this.#fonts, this.pictures);
  }

  /** Returns how wide a text is in one line, in points. */
  measure(text: string, style: Style): number {
    return Math.max(0, ...this.layout(text, style, Number.POSITIVE_INFINITY, 'auto').map(({ width }) => width));
  }

  /** Breaks a text into lines of at most `width` points: between words, and within those that are longer than a line. */
  layout(text: string, style: Style, width: number, base: Base): Line[] {
    const weight = style.weight ?? 'regular';
    const key = `${style.size} ${weight} ${base} ${Math.round(width * 100)} ${text}`;
    const known = text.length <= 200 ? this.#lines.get(key) : undefined;
    if (known) return known;
    const available = ((width + 0.01) / style.size) * 1_000;
    const lines = text
      .split(LINE_ENDS)
      .map((paragraph) => paragraph.replaceAll('\t', ' ').replace(CONTROLS, ''))
      .flatMap((paragraph) => this.#breakParagraph(paragraph, weight, available, base));
    for (const line of lines) {
      line.width = (line.width * style.size) / 1_000;
      line.overhang = (line.overhang * style.size) / 1_000;
    }
    if (text.length <= 200) this.#lines.set(key, lines);
    return lines;
  }

  #breakParagraph(paragraph: string, weight: Weight, available: number, base: Base): Line[] {
    const isPlain = PLAIN.test(paragraph) && base !== 'rtl';
    const face = this.#fonts.face('latin', weight);
    if (isPlain) {
      const glyphs = face.shape(paragraph, false);
      const width = lengthOf(glyphs);
      if (width <= available) {
        return [{ parts: [{ face, glyphs, level: 0, text: paragraph }], width, overhang: 0, isRightToLeft: false }];
      }
    }
    const itemized = isPlain
      ? { text: paragraph, faces: Array.from(paragraph, () => face), levels: new Uint8Array(paragraph.length), base: 0 }
      : this.#itemizer.itemize(paragraph, weight, base);
    return rangesOf(itemized, available).map(([start, end]) => lineOf(itemized, start, end));
  }

  /** Draws a line whose letters stand on `y`; `x` is where it starts, ends or has its centre. */
  draw(canvas: Canvas, line: Line, x: number, y: number, style: Style, align: Align = 'left'): void {
    const shift = align === 'left' ? 0 : align === 'right' ? line.width : line.width / 2;
    const scale = style.size / 1_000;
    let left = x - shift - line.overhang;
    let operators = `${fillColor(style.color ?? DEFAULT_COLOR)} BT`;
    for (const { face, glyphs, actual } of line.parts) {
      if (glyphs.length === 0) continue;
      this.pictures.count(face);
      if (actual !== undefined) operators += ` ${spanOf(actual)}`;
      canvas.use('Font', face.name, face.reference);
      operators += ` /${face.name} ${number(style.size * face.magnification)} Tf`;
      if (glyphs.some(({ xOffset, yOffset }) => xOffset !== 0 || yOffset !== 0)) {
        let position = left;
        for (const { code, xOffset, yOffset, advance } of glyphs) {
          const [glyphX, glyphY] = [position + xOffset * scale, y - yOffset * scale];
          operators += ` 1 0 0 -1 ${number(glyphX)} ${number(glyphY)} Tm <${code}> Tj`;
          position += advance * scale;
        }
      } else {
        operators += ` 1 0 0 -1 ${number(left)} ${number(y)} Tm ${showing(glyphs, face.magnification)}`;
      }
      if (actual !== undefined) operators += ' EMC';
      left += lengthOf(glyphs) * scale;
    }
    canvas.write(`${operators} ET`);
    canvas.spell?.(spelledLine(line));
  }

  /** Draws lines one below the other from `top`, and returns where they end. */
  drawLines(canvas: Canvas, lines: Line[], x: number, top: number, style: Style, align: Align = 'left'): number {
    let y = top;
    for (const line of lines) {
      this.draw(canvas, line, x, y + BASELINE * style.size, style, align);
      y += LEADING * style.size;
    }
    return y;
  }

  /** Writes the fonts of pictures; the others are written by the document. */
  end(): void {
    this.pictures.end();
  }
}

function showing(glyphs: Glyph[], magnification: number): string {
  if (glyphs.every(({ width, advance }) => width === advance)) return `<${glyphs.map(({ code }) => code).join('')}> Tj`;
  let array = '';
  let codes = '';
  for (const { code, width, advance } of glyphs) {
    codes += code;
    if (width === advance) continue;
    array += `<${codes}> ${number((width - advance) / magnification)} `;
    codes = '';
  }
  return `[${array}${codes && `<${codes}>`}] TJ`;
}

const shapeRun = ({ text, face, level }: Run): Glyph[] => face.shape(text, level % 2 === 1);

function widthOf(itemized: Itemized, start: number, end: number): number {
  return runsOf(itemized, start, end).reduce((sum, run) => sum + lengthOf(shapeRun(run)), 0);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Returns the ranges of the lines of a paragraph. */
function rangesOf(itemized: Itemized, available: number): [start: number, end: number][] {
  const { text } = itemized;
  if (available === Number.POSITIVE_INFINITY) return [[0, text.length]];
  const ranges: [number, number][] = [];
  const breaker = new LineBreaker(text);
  let start = 0;
  let end = 0;
  let filled = 0;
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    const trimmed = end + text.slice(end, next.position).trimEnd().length;
    const width = widthOf(itemized, end, trimmed);
    if (filled + width > available && end > start) {
      ranges.push([start, end]);
      start = end;
      filled = 0;
    }
    if (width > available) {
      // The word itself is too long: as many characters as fit on each line.
      let used = 0;
      for (const { segment, index } of graphemes.segment(text.slice(end, trimmed))) {
        const at = end + index;
        const length = widthOf(itemized, at, at + segment.length);
        if (used + length > available && at > start) {
          ranges.push([start, at]);
          start = at;
          used = 0;
        }
        used += length;
      }
      filled = used;
    } else filled += width;
    filled += widthOf(itemized, trimmed, next.position);
    end = next.position;
  }
  if (start < text.length || ranges.length === 0) ranges.push([start, text.length]);
  return ranges;
}

// Their glyphs are in another order than their characters.
const REORDERED = /\p{M}|[\u0900-\u109f]/u;

function partOf(run: Run): Line['parts'][number] {
  const glyphs = shapeRun(run);
  const isReordered =
    run.level % 2 === 0 && REORDERED.test(run.text) && glyphs.map(({ text }) => text).join('') !== run.text;
  return isReordered ? { ...run, glyphs, actual: run.text } : { ...run, glyphs };
}

function lineOf(itemized: Itemized, start: number, end: number): Line {
  const { text, base } = itemized;
  const trimmed = start + text.slice(start, end).trimEnd().length;
  const parts = runsOf(itemized, start, trimmed).map(partOf);
  const width = parts.reduce((sum, { glyphs }) => sum + lengthOf(glyphs), 0);
  const ordered: Line['parts'] = inVisualOrder(parts);
  const isRightToLeft = base % 2 === 1;
  const face = itemized.faces[trimmed];
  if (trimmed === end || end === text.length || !face) return { parts: ordered, width, overhang: 0, isRightToLeft };
  // The space at the end keeps the words of two lines apart for those who hear or copy them; it is beyond the line.
  const space = partOf({ text: ' ', face, level: base });
  if (!isRightToLeft) return { parts: [...ordered, space], width, overhang: 0, isRightToLeft };
  return { parts: [space, ...ordered], width, overhang: lengthOf(space.glyphs), isRightToLeft };
}
