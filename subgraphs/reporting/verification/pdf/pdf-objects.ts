import { inflateSync } from 'node:zlib';
import { type PdfDictionary, PdfParser, PdfReference, type PdfValue } from './pdf-parser.js';

interface Stored {
  value: PdfValue;
  /** Of a stream, as it is in the file. */
  bytes: Buffer | null;
}

/**
 * The objects of a PDF file (ISO 32000-1, 7.5), found by reading it from start to end rather than by its table of positions: a file that
 * was edited by hand is read, too, and of an object that was replaced the last one.
 */
export class PdfObjects {
  readonly #objects = new Map<number, Stored>();
  #catalog: PdfDictionary | null = null;
  isEncrypted = false;

  constructor(file: Buffer) {
    const text = file.toString('latin1');
    const marker = /(\d+)\s+\d+\s+obj\b|\btrailer\b/g;
    for (let match = marker.exec(text); match; match = marker.exec(text)) {
      const parser = new PdfParser(text, marker.lastIndex);
      const value = parser.readValue();
      marker.lastIndex = parser.position;
      if (match[1] === undefined) {
        this.#noteTrailer(value);
        continue;
      }
      const bytes = this.#readStream(file, text, parser.position, value);
      if (bytes) marker.lastIndex = text.indexOf('endstream', bytes.byteOffset - file.byteOffset + bytes.length);
      this.#store(Number(match[1]), { value, bytes });
    }
  }

  #noteTrailer(value: PdfValue): void {
    if (value instanceof Map && value.has('Encrypt')) this.isEncrypted = true;
  }

  #readStream(file: Buffer, text: string, after: number, value: PdfValue): Buffer | null {
    const [start] = /^\s*stream\r?\n/.exec(text.slice(after, after + 32)) ?? [];
    if (start === undefined || !(value instanceof Map)) return null;
    const from = after + start.length;
    const length = value.get('Length');
    const isRight = typeof length === 'number' && /^\s*endstream/.test(text.slice(from + length, from + length + 16));
    const end = isRight ? from + length : text.indexOf('endstream', from);
    return file.subarray(from, end < 0 ? file.length : end);
  }

  #store(number: number, stored: Stored): void {
    const { value } = stored;
    this.#objects.set(number, stored);
    if (!(value instanceof Map)) return;
    const type = value.get('Type');
    if (type === '/Catalog') this.#catalog = value;
    if (type === '/XRef') this.#noteTrailer(value);
    if (type === '/ObjStm') this.#storePacked(stored);
  }

  /** Objects may be packed into a stream. */
  #storePacked(stream: Stored): void {
    const header = stream.value as PdfDictionary;
    const text = decode(stream)?.toString('latin1') ?? '';
    const first = Number(this.resolve(header.get('First') ?? 0));
    const numbers = text.slice(0, first).trim().split(/\s+/).map(Number);
    for (let index = 0; index + 1 < numbers.length; index += 2) {
      const value = new PdfParser(text, first + (numbers[index + 1] as number)).readValue();
      this.#store(numbers[index] as number, { value, bytes: null });
    }
  }

  /** Returns what a reference stands for, and any other value as it is. */
  resolve(value: PdfValue): PdfValue {
    return value instanceof PdfReference ? (this.#objects.get(value.number)?.value ?? null) : value;
  }

  /** Returns a dictionary; an empty one where there is none. */
  dictionary(value: PdfValue | undefined): PdfDictionary {
    const resolved = this.resolve(value ?? null);
    return resolved instanceof Map ? resolved : new Map();
  }

  /** Returns an array; an empty one where there is none. */
  list(value: PdfValue | undefined): PdfValue[] {
    const resolved = this.resolve(value ?? null);
    return Array.isArray(resolved) ? resolved : [];
  }

  /** Returns the content of a stream; null where there is none that can be read. */
  stream(value: PdfValue | undefined): Buffer | null {
    const stored = value instanceof PdfReference ? this.#objects.get(value.number) : undefined;
    return stored ? decode(stored) : null;
  }

  /** Returns the pages in order, each with the resources it uses. */
  pages(): { page: PdfDictionary; resources: PdfDictionary }[] {
    const walk = (
      value: PdfValue | undefined,
      inherited: PdfDictionary,
      depth: number,
    ): ReturnType<typeof this.pages> => {
      const node = this.dictionary(value);
      const resources = node.has('Resources') ? this.dictionary(node.get('Resources')) : inherited;
      if (!node.has('Kids')) return node.size > 0 ? [{ page: node, resources }] : [];
      return depth > 50 ? [] : this.list(node.get('Kids')).flatMap((kid) => walk(kid, resources, depth + 1));
    };
    return walk(this.#catalog?.get('Pages'), new Map(), 0);
  }

  /** Returns the content of an attached file; null when there is none of this name. */
  attachment(name: string): Buffer | null {
    const find = (value: PdfValue | undefined, depth: number): Buffer | null => {
      const node = this.dictionary(value);
      const names = this.list(node.get('Names'));
      for (let index = 0; index + 1 < names.length; index += 2) {
        const specification = this.dictionary(names[index + 1]);
        const own = this.resolve(specification.get('UF') ?? specification.get('F') ?? null);
        if (typeof own === 'string' && textOfString(own) === name) {
          return this.stream(this.dictionary(specification.get('EF')).get('F'));
        }
      }
      if (depth > 50) return null;
      for (const kid of this.list(node.get('Kids'))) {
        const found = find(kid, depth + 1);
        if (found) return found;
      }
      return null;
    };
    return find(this.dictionary(this.#catalog?.get('Names')).get('EmbeddedFiles'), 0);
  }
}

/** Strings are bytes, or UTF-16 after a byte-order mark. */
function textOfString(bytes: string): string {
  if (!bytes.startsWith('(\u00fe\u00ff')) return bytes.slice(1);
  return Buffer.from(bytes.slice(3), 'latin1').swap16().toString('utf16le');
}

const MAX_STREAM_BYTES = 512 * 1024 * 1024;

function decode({ value, bytes }: Stored): Buffer | null {
  if (!bytes || !(value instanceof Map)) return null;
  const filter = value.get('Filter');
  const name = Array.isArray(filter) && filter.length === 1 ? filter[0] : filter;
  if (name === undefined) return bytes;
  if (name !== '/FlateDecode' || value.has('DecodeParms')) return null;
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_STREAM_BYTES });
  } catch {
    return null;
  }
}
