import type { PdfObjects } from './pdf-objects.js';
import { type PdfDictionary, PdfOperator, PdfParser, type PdfValue } from './pdf-parser.js';

/** A cell of a table, as a page has it: the part of it that is on this page. */
export interface PrintedCell {
  isHead: boolean;
  text: string;
}

/** What a font's codes stand for. */
interface Font {
  bytes: 1 | 2;
  unicode: Map<number, string>;
}

const bytesOf = (value: PdfValue | undefined): string =>
  typeof value === 'string' && value.startsWith('(') ? value.slice(1) : '';

const codeOf = (bytes: string): number => Buffer.from(bytes, 'latin1').readUIntBE(0, Math.min(6, bytes.length));
const unicodeOf = (bytes: string): string => Buffer.from(bytes, 'latin1').swap16().toString('utf16le');

/** Reads a ToUnicode map (ISO 32000-1, 9.10.3). */
function readUnicodeMap(content: string): Map<number, string> {
  const map = new Map<number, string>();
  const parser = new PdfParser(content);
  let values: PdfValue[] = [];
  while (!parser.isAtEnd) {
    const value = parser.readValue();
    if (!(value instanceof PdfOperator)) {
      values.push(value);
      continue;
    }
    if (value.name === 'endbfchar') {
      for (let at = 0; at + 1 < values.length; at += 2)
        map.set(codeOf(bytesOf(values[at])), unicodeOf(bytesOf(values[at + 1])));
    }
    if (value.name === 'endbfrange') {
      for (let at = 0; at + 2 < values.length; at += 3)
        addRange(map, values[at], values[at + 1], values[at + 2] ?? null);
    }
    values = [];
  }
  return map;
}

function addRange(
  map: Map<number, string>,
  first: PdfValue | undefined,
  last: PdfValue | undefined,
  target: PdfValue,
): void {
  const start = codeOf(bytesOf(first));
  const count = Math.min(codeOf(bytesOf(last)) - start + 1, 0x10000);
  for (let index = 0; index < count; index++) {
    if (Array.isArray(target)) map.set(start + index, unicodeOf(bytesOf(target[index])));
    else {
      const text = unicodeOf(bytesOf(target));
      map.set(start + index, text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + index));
    }
  }
}

/** Reads the texts of pages glyph by glyph in the order they are drawn: what programs make of them for copying would hide changes. */
export class PageReader {
  readonly #objects: PdfObjects;
  readonly #fonts = new Map<PdfDictionary, Font>();

  constructor(objects: PdfObjects) {
    this.#objects = objects;
  }

  #fontOf(dictionary: PdfDictionary): Font {
    const known = this.#fonts.get(dictionary);
    if (known) return known;
    const map = this.#objects.stream(dictionary.get('ToUnicode'))?.toString('latin1') ?? '';
    const font: Font = { bytes: dictionary.get('Subtype') === '/Type0' ? 2 : 1, unicode: readUnicodeMap(map) };
    this.#fonts.set(dictionary, font);
    return font;
  }

  #contentOf(page: PdfDictionary): string {
    const contents = page.get('Contents');
    const parts = Array.isArray(this.#objects.resolve(contents ?? null)) ? this.#objects.list(contents) : [contents];
    return parts.map((part) => this.#objects.stream(part)?.toString('latin1') ?? '').join('\n');
  }

  /** Returns the text of a page without spaces and without what is drawn as a form, its foot; and the cells of its tables in order. */
  read({ page, resources }: { page: PdfDictionary; resources: PdfDictionary }): { text: string; cells: PrintedCell[] } {
    const fonts = this.#objects.dictionary(resources.get('Font'));
    const cells: PrintedCell[] = [];
    const open: (PrintedCell | null)[] = [];
    let font: Font | null = null;
    let all = '';
    const show = (bytes: string) => {
      const length = font?.bytes ?? 1;
      let text = '';
      for (let at = 0; at + length <= bytes.length; at += length) {
        const code = bytes.slice(at, at + length);
        text += font?.unicode.get(codeOf(code)) ?? code;
      }
      text = text.replace(/\s+/g, '');
      all += text;
      const cell = open.findLast((candidate) => candidate !== null);
      if (cell) cell.text += text;
    };
    const parser = new PdfParser(this.#contentOf(page));
    let operands: PdfValue[] = [];
    while (!parser.isAtEnd) {
      const value = parser.readValue();
      if (!(value instanceof PdfOperator)) {
        operands.push(value);
        continue;
      }
      const [first] = operands;
      if (value.name === 'BDC' || value.name === 'BMC') {
        const cell = first === '/TD' || first === '/TH' ? { isHead: first === '/TH', text: '' } : null;
        if (cell) cells.push(cell);
        open.push(cell);
      } else if (value.name === 'EMC') open.pop();
      else if (value.name === 'Tf') font = this.#fontOf(this.#objects.dictionary(fonts.get(String(first).slice(1))));
      else if (value.name === 'TJ') for (const part of this.#objects.list(first)) show(bytesOf(part));
      else if (value.name === 'Tj' || value.name === "'" || value.name === '"') show(bytesOf(operands.at(-1)));
      operands = [];
    }
    return { text: all, cells };
  }
}
