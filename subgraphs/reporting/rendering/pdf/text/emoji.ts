import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LRUCache } from 'lru-cache';
import { fillColor, hexString, number } from '#reporting/rendering/pdf/canvas.js';
import { type PathSink, readPath } from '#reporting/rendering/pdf/pdfkit.js';

// Pictures of Twemoji, CC-BY-4.0: named in the notes of a report that has some.
const folder = new URL('./svg/', import.meta.resolve('@discordapp/twemoji'));

/** The side of the square that the pictures are drawn in. */
export const EMOJI_SIZE = 36;

const found = new LRUCache<string, { path: string | null }>({ max: 1_000 });

/** Returns the file of the picture of an emoji; null when there is none. */
export function findPicture(emoji: string): string | null {
  const known = found.get(emoji);
  if (known) return known.path;
  const path = searchPicture(emoji);
  found.set(emoji, { path });
  return path;
}

function searchPicture(emoji: string): string | null {
  // Longer clusters are many marks on one letter, and no names of files.
  if (emoji.length > 40) return null;
  const withoutStyle = emoji.includes('\u200d') ? emoji : emoji.replaceAll('\ufe0f', '');
  for (const text of new Set([withoutStyle, emoji, emoji.replaceAll('\ufe0f', '')])) {
    const name = Array.from(text, (character) => character.codePointAt(0)?.toString(16)).join('-');
    const path = fileURLToPath(new URL(`${name}.svg`, folder));
    if (existsSync(path)) return path;
  }
  return null;
}

/** Collects a path as PDF operators. */
class Path implements PathSink {
  operators = '';
  #x = 0;
  #y = 0;

  #add(coordinates: number[], operator: string): void {
    this.operators += `${coordinates.map(number).join(' ')} ${operator} `;
    this.#x = coordinates.at(-2) as number;
    this.#y = coordinates.at(-1) as number;
  }

  moveTo(x: number, y: number): void {
    this.#add([x, y], 'm');
  }

  lineTo(x: number, y: number): void {
    this.#add([x, y], 'l');
  }

  bezierCurveTo(...coordinates: [number, number, number, number, number, number]): void {
    this.#add(coordinates, 'c');
  }

  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void {
    const third = (a: number, b: number) => a + (2 / 3) * (b - a);
    this.#add([third(this.#x, x1), third(this.#y, y1), third(x, x1), third(y, y1), x, y], 'c');
  }

  closePath(): void {
    this.operators += 'h ';
  }
}

// The length of the control line of a quarter circle drawn as a curve.
const QUARTER = 0.5523;

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  const path = new Path();
  const [kx, ky] = [rx * QUARTER, ry * QUARTER];
  path.moveTo(cx + rx, cy);
  path.bezierCurveTo(cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry);
  path.bezierCurveTo(cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy);
  path.bezierCurveTo(cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry);
  path.bezierCurveTo(cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy);
  return path.operators;
}

function matrixOf(transform: string): string {
  let operators = '';
  for (const [, name, list = ''] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b, c] = list
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (name === 'matrix')
      operators += `${list
        .trim()
        .split(/[\s,]+/)
        .map(Number)
        .map(number)
        .join(' ')} cm `;
    if (name === 'translate') operators += `1 0 0 1 ${number(a)} ${number(b ?? 0)} cm `;
    if (name === 'scale') operators += `${number(a)} 0 0 ${number(b ?? a)} 0 0 cm `;
    if (name === 'rotate') {
      const [sine, cosine] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)];
      const [x, y] = [b ?? 0, c ?? 0];
      const moved = [x - x * cosine + y * sine, y - x * sine - y * cosine].map(number).join(' ');
      operators += `${[cosine, sine, -sine, cosine].map((value) => value.toFixed(5)).join(' ')} ${moved} cm `;
    }
  }
  return operators;
}

function colorOf(fill: string): string | null {
  if (fill === 'none') return null;
  const [, short] = /^#([0-9a-f]{3})$/i.exec(fill) ?? [];
  if (short) return fillColor(`#${Array.from(short, (digit) => digit + digit).join('')}`);
  return fillColor(/^#[0-9a-f]{6}$/i.test(fill) ? fill : '#000000');
}

/** The opacities that pictures use, as percent, each a graphics state `/o<percent>` in the resources of their font. */
export interface Picture {
  operators: string;
  opacities: Set<number>;
}

/** Returns the drawing of a picture of `findPicture`: filled shapes only, which is what these pictures consist of. */
export function drawPicture(file: string): Picture {
  const svg = readFileSync(file, 'utf8').replace(/<(defs|clipPath)\b[\s\S]*?<\/\1>/g, '');
  const opacities = new Set<number>();
  const groups: { fill: string; opacity: number }[] = [{ fill: '#000', opacity: 1 }];
  // Pictures have y downwards from the top, glyphs upwards from the line they stand on.
  let operators = `q 1 0 0 -1 0 ${number(EMOJI_SIZE * 0.85)} cm `;
  for (const [tag, isEnd, name = '', list = ''] of svg.matchAll(/<(\/?)(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*\/?>/g)) {
    if (isEnd) {
      if (name === 'g') {
        groups.pop();
        operators += 'Q ';
      }
      continue;
    }
    const attributes = Object.fromEntries(
      Array.from(list.matchAll(/([\w:-]+)="([^"]*)"/g), ([, key, text]) => [key, text]),
    );
    const numberOf = (key: string) => Number(attributes[key] ?? 0);
    const parent = groups.at(-1) as (typeof groups)[number];
    const fill = attributes.fill ?? parent.fill;
    const opacity = parent.opacity * Number(attributes.opacity ?? 1) * Number(attributes['fill-opacity'] ?? 1);
    if (name === 'g') {
      operators += `q ${matrixOf(attributes.transform ?? '')}`;
      if (!tag.endsWith('/>')) groups.push({ fill, opacity });
      else operators += 'Q ';
      continue;
    }
    const path = new Path();
    if (name === 'path' && attributes.d) readPath(attributes.d, path);
    else if (name === 'circle') path.operators = ellipse(numberOf('cx'), numberOf('cy'), numberOf('r'), numberOf('r'));
    else if (name === 'ellipse')
      path.operators = ellipse(numberOf('cx'), numberOf('cy'), numberOf('rx'), numberOf('ry'));
    const color = colorOf(fill);
    if (path.operators === '' || color === null) continue;
    const percent = Math.round(opacity * 100);
    if (percent < 100) opacities.add(percent);
    const paint = attributes['fill-rule'] === 'evenodd' ? 'f*' : 'f';
    const state = percent < 100 ? `/o${percent} gs ` : '';
    operators += `q ${state}${matrixOf(attributes.transform ?? '')}${color} ${path.operators}${paint} Q `;
  }
  return { operators: `${operators}Q`, opacities };
}

/** Returns the line of a ToUnicode map for a glyph with a code of one byte. */
export const unicodeLine = (code: number, text: string): string =>
  `<${code.toString(16).padStart(2, '0')}> <${hexString(text).slice(5)}`;
