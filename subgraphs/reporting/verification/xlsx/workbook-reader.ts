import { posix } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { unescapeText } from '#reporting/rendering/xlsx/xml.js';

/** What a cell of a sheet holds: a text, or a number as the file writes it. */
export type SheetValue = { text: string } | { number: string };

/** A row of a sheet: its number from 1, and its cells by the index of their column. */
export interface SheetRow {
  number: number;
  cells: Map<number, SheetValue>;
}

/** Of a part other than a sheet, unpacked. */
const MAX_PART_BYTES = 256 * 1024 * 1024;

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function attributeOf(tag: SaxesTagPlain, name: string): string | undefined {
  const found = Object.entries(tag.attributes).find(([key]) => localName(key) === name);
  return found?.[1];
}

/** Returns the index of the column of a reference such as `AB12`. */
function columnOf(reference: string): number {
  let index = 0;
  for (const letter of reference) {
    const value = letter.charCodeAt(0) - 64;
    if (value < 1 || value > 26) break;
    index = index * 26 + value;
  }
  return index - 1;
}

/** Collects the rows of a sheet while it is parsed. */
class RowCollector {
  rows: SheetRow[] = [];
  readonly #strings: string[];
  #row: SheetRow | null = null;
  #lastRow = 0;
  #column = -1;
  #type = '';
  #value = '';
  #text = '';
  #isValue = false;
  #isText = false;
  #isPhonetic = false;

  constructor(strings: string[]) {
    this.#strings = strings;
  }

  open(tag: SaxesTagPlain): void {
    const name = localName(tag.name);
    if (name === 'c') {
      const reference = attributeOf(tag, 'r');
      this.#column = reference ? columnOf(reference) : this.#column + 1;
      this.#type = attributeOf(tag, 't') ?? 'n';
      this.#value = '';
      this.#text = '';
    } else if (name === 'row') {
      const number = Number(attributeOf(tag, 'r') ?? this.#lastRow + 1);
      this.#lastRow = number;
      this.#row = { number, cells: new Map() };
      this.#column = -1;
    } else if (name === 'v') this.#isValue = true;
    else if (name === 't') this.#isText = !this.#isPhonetic;
    else if (name === 'rPh') this.#isPhonetic = true;
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text;
    else if (this.#isText) this.#text += text;
  }

  close(tag: SaxesTagPlain): void {
    const name = localName(tag.name);
    if (name === 'v') this.#isValue = false;
    else if (name === 't') this.#isText = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'c') {
      const value = this.#cell();
      if (value) this.#row?.cells.set(this.#column, value);
    } else if (name === 'row' && this.#row) {
      this.rows.push(this.#row);
      this.#row = null;
    }
  }

  #cell(): SheetValue | null {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return value === '' ? null : textValue(this.#strings[Number(value)] ?? '');
      case 'inlineStr':
        return textValue(unescapeText(this.#text));
      case 'n':
        return value === '' ? null : { number: value };
      case 'b':
        return { text: value === '1' ? 'TRUE' : 'FALSE' };
      default:
        return textValue(unescapeText(value));
    }
  }
}

const textValue = (text: string): SheetValue | null => (text === '' ? null : { text });

/** A workbook (ECMA-376) as this and other programs write it: its sheets by name, read as streams. Throws an Error for what is none. */
export class WorkbookReader {
  readonly #zip: ZipFile;
  readonly #entries: Map<string, Entry>;
  #sheets = new Map<string, string>();
  #strings: string[] = [];
  /** Days between the epochs of the workbook and of serial numbers. */
  epochShift = 0;

  private constructor(zip: ZipFile, entries: Map<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  static async open(path: string): Promise<WorkbookReader> {
    const zip = await openPromise(path, { autoClose: false });
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      const reader = new WorkbookReader(zip, entries);
      await reader.#readStructure();
      return reader;
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  close(): void {
    this.#zip.close();
  }

  get sheetNames(): string[] {
    return [...this.#sheets.keys()];
  }

  async #parse(path: string, parser: SaxesParser): Promise<void> {
    for await (const text of this.#pieces(path)) parser.write(text);
    parser.close();
  }

  async *#pieces(path: string): AsyncGenerator<string> {
    const entry = this.#entries.get(path);
    if (!entry) throw new Error(`The part ${path} is missing.`);
    const decoder = new StringDecoder('utf8');
    const stream = await this.#zip.openReadStreamPromise(entry);
    for await (const chunk of stream) yield decoder.write(chunk as Buffer);
    yield decoder.end();
  }

  async #tags(path: string, name: string): Promise<SaxesTagPlain[]> {
    const size = this.#entries.get(path)?.uncompressedSize ?? 0;
    if (size > MAX_PART_BYTES) throw new Error(`The part ${path} is too large.`);
    const tags: SaxesTagPlain[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => {
      if (localName(tag.name) === name) tags.push(tag);
    });
    await this.#parse(path, parser);
    return tags;
  }

  async #relationships(path: string): Promise<{ id: string; type: string; target: string }[]> {
    const folder = posix.dirname(path);
    const part = posix.join(folder, '_rels', `${posix.basename(path)}.rels`);
    if (!this.#entries.has(part)) return [];
    const tags = await this.#tags(part, 'Relationship');
    return tags.map((tag) => ({
      id: attributeOf(tag, 'Id') ?? '',
      type: (attributeOf(tag, 'Type') ?? '').split('/').at(-1) ?? '',
      target: posix.resolve('/', folder, attributeOf(tag, 'Target') ?? '').slice(1),
    }));
  }

  async #readStructure(): Promise<void> {
    const workbook = (await this.#relationships('')).find(({ type }) => type === 'officeDocument')?.target;
    if (!workbook) throw new Error('It has no workbook.');
    const parts = await this.#relationships(workbook);
    const [properties] = await this.#tags(workbook, 'workbookPr');
    if (properties && /^(1|true)$/.test(attributeOf(properties, 'date1904') ?? '')) this.epochShift = 1_462;
    for (const tag of await this.#tags(workbook, 'sheet')) {
      const part = parts.find(({ id, type }) => type === 'worksheet' && id === attributeOf(tag, 'id'));
      if (part) this.#sheets.set(attributeOf(tag, 'name') ?? '', part.target);
    }
    const strings = parts.find(({ type }) => type === 'sharedStrings')?.target;
    if (strings) await this.#readStrings(strings);
  }

  async #readStrings(path: string): Promise<void> {
    const size = this.#entries.get(path)?.uncompressedSize ?? 0;
    if (size > MAX_PART_BYTES) throw new Error(`The part ${path} is too large.`);
    const strings: string[] = [];
    let text = '';
    let isText = false;
    let isPhonetic = false;
    const parser = new SaxesParser();
    parser.on('opentag', ({ name }) => {
      const tag = localName(name);
      if (tag === 'si') text = '';
      else if (tag === 'rPh') isPhonetic = true;
      else if (tag === 't') isText = !isPhonetic;
    });
    parser.on('text', (piece) => {
      if (isText) text += piece;
    });
    parser.on('closetag', ({ name }) => {
      const tag = localName(name);
      if (tag === 't') isText = false;
      else if (tag === 'rPh') isPhonetic = false;
      else if (tag === 'si') strings.push(unescapeText(text));
    });
    await this.#parse(path, parser);
    this.#strings = strings;
  }

  /** Returns the rows of a sheet that have cells, in order. */
  async *rows(sheet: string): AsyncGenerator<SheetRow> {
    const path = this.#sheets.get(sheet);
    if (path === undefined) throw new Error(`There is no sheet ${sheet}.`);
    const collector = new RowCollector(this.#strings);
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => collector.open(tag));
    parser.on('text', (text) => collector.text(text));
    parser.on('closetag', (tag) => collector.close(tag));
    for await (const text of this.#pieces(path)) {
      parser.write(text);
      const { rows } = collector;
      collector.rows = [];
      for (const row of rows) if (row.cells.size > 0) yield row;
    }
    parser.close();
  }
}
