/** A decoded Rest.li query value: text, List(a,b) or (key:value). */
export type RestliValue = string | RestliValue[] | RestliRecord;

export interface RestliRecord {
  [key: string]: RestliValue;
}

export class RestliSyntaxError extends Error {}

const LIST = 'List(';
const PLAIN = /[^(),:']*/y;

/**
 * Parses a raw Rest.li 2.0 query value. Structure is parsed before decoding: an encoded bracket belongs to a text, a
 * raw one never does.
 * https://linkedin.github.io/rest.li/spec/protocol#restli-protocol-20-object-and-listarray-representation
 */
export function parseRestliValue(text: string): RestliValue {
  const reader = new Reader(text);
  const value = reader.value();
  reader.expectEnd();
  return value;
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): RestliValue {
    if (this.#text.startsWith(LIST, this.#at)) return this.#list();
    if (this.#text[this.#at] === '(') return this.#record();
    return this.#plain();
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) throw this.#unexpected();
  }

  #list(): RestliValue[] {
    this.#at += LIST.length;
    const items: RestliValue[] = [];
    if (this.#took(')')) return items;
    do items.push(this.value());
    while (this.#took(','));
    this.#expect(')');
    return items;
  }

  #record(): RestliRecord {
    this.#expect('(');
    const record: RestliRecord = {};
    if (this.#took(')')) return record;
    do {
      const key = this.#plain();
      this.#expect(':');
      if (Object.hasOwn(record, key)) throw new RestliSyntaxError(`${key} appears twice`);
      record[key] = this.value();
    } while (this.#took(','));
    this.#expect(')');
    return record;
  }

  // Two apostrophes are an empty text.
  #plain(): string {
    if (this.#text.startsWith("''", this.#at)) {
      this.#at += 2;
      return '';
    }
    PLAIN.lastIndex = this.#at;
    const raw = PLAIN.exec(this.#text)?.[0] ?? '';
    if (raw === '') throw this.#unexpected();
    this.#at += raw.length;
    try {
      return decodeURIComponent(raw);
    } catch {
      throw new RestliSyntaxError(`${raw} is not valid percent-encoding`);
    }
  }

  #took(char: string): boolean {
    const found = this.#text[this.#at] === char;
    if (found) this.#at += 1;
    return found;
  }

  #expect(char: string): void {
    if (!this.#took(char)) throw this.#unexpected();
  }

  #unexpected(): RestliSyntaxError {
    const found = this.#text[this.#at];
    return new RestliSyntaxError(
      found === undefined ? 'the value ends too early' : `unexpected ${found} at position ${this.#at}`,
    );
  }
}
