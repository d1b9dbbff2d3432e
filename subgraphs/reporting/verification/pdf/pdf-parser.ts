/** A reference to an object. */
export class PdfReference {
  constructor(readonly number: number) {}
}

/** A word of a content stream, such as `Tj`. */
export class PdfOperator {
  constructor(readonly name: string) {}
}

export type PdfDictionary = Map<string, PdfValue>;

/** A value: names begin with `/`, strings with `(`, followed by their bytes as Latin-1. */
export type PdfValue = null | boolean | number | string | PdfReference | PdfOperator | PdfValue[] | PdfDictionary;

const SPACE = /[\0\t\n\f\r ]/;
const DELIMITER = /[\0\t\n\f\r ()<>[\]{}/%]/g;
const END_OF_HEX = />/g;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const MAX_DEPTH = 100;

/** Reads values of PDF syntax (ISO 32000-1, 7.3) from a text of bytes as Latin-1. What is no value is read as null. */
export class PdfParser {
  readonly #text: string;
  position: number;

  constructor(text: string, position = 0) {
    this.#text = text;
    this.position = position;
  }

  get isAtEnd(): boolean {
    this.#skipSpace();
    return this.position >= this.#text.length;
  }

  #skipSpace(): void {
    for (; this.position < this.#text.length; this.position++) {
      const character = this.#text[this.position] as string;
      if (character === '%') {
        while (this.position < this.#text.length && !/[\r\n]/.test(this.#text[this.position] as string))
          this.position++;
      } else if (!SPACE.test(character)) return;
    }
  }

  readValue(depth = 0): PdfValue {
    this.#skipSpace();
    const character = this.#text[this.position];
    if (character === undefined || depth > MAX_DEPTH) return null;
    if (character === '/') return this.#readName();
    if (character === '(') return this.#readString();
    if (character === '[') return this.#readArray(depth);
    if (character === '<') {
      return this.#text[this.position + 1] === '<' ? this.#readDictionary(depth) : this.#readHex();
    }
    if (/[\d+.-]/.test(character)) return this.#readNumber();
    return this.#readWord();
  }

  /** Takes what comes before the next character of a kind. */
  #takeUntil(end: RegExp): string {
    const start = this.position;
    end.lastIndex = start;
    this.position = end.exec(this.#text)?.index ?? this.#text.length;
    return this.#text.slice(start, this.position);
  }

  #readName(): string {
    this.position++;
    const name = this.#takeUntil(DELIMITER);
    return `/${name.replace(/#([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))}`;
  }

  #readWord(): PdfValue {
    const word = this.#takeUntil(DELIMITER);
    if (word === '') {
      this.position++;
      return null;
    }
    if (word === 'null') return null;
    return word === 'true' || word === 'false' ? word === 'true' : new PdfOperator(word);
  }

  #readNumber(): PdfValue {
    const reference = /^(\d+)[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+R(?![\w])/.exec(
      this.#text.slice(this.position, this.position + 32),
    );
    if (reference) {
      this.position += reference[0].length;
      return new PdfReference(Number(reference[1]));
    }
    return Number.parseFloat(this.#takeUntil(DELIMITER)) || 0;
  }

  #readArray(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    this.position++;
    for (this.#skipSpace(); this.position < this.#text.length; this.#skipSpace()) {
      if (this.#text[this.position] === ']') {
        this.position++;
        break;
      }
      values.push(this.readValue(depth + 1));
    }
    return values;
  }

  #readDictionary(depth: number): PdfDictionary {
    const dictionary: PdfDictionary = new Map();
    this.position += 2;
    for (this.#skipSpace(); this.position < this.#text.length; this.#skipSpace()) {
      if (this.#text.startsWith('>>', this.position)) {
        this.position += 2;
        break;
      }
      const key = this.readValue(depth + 1);
      if (typeof key === 'string' && key.startsWith('/')) dictionary.set(key.slice(1), this.readValue(depth + 1));
    }
    return dictionary;
  }

  #readHex(): string {
    this.position++;
    const digits = this.#takeUntil(END_OF_HEX).replace(/[^\da-fA-F]/g, '');
    this.position++;
    return `(${Buffer.from(digits.length % 2 === 1 ? `${digits}0` : digits, 'hex').toString('latin1')}`;
  }

  #readString(): string {
    let text = '(';
    let open = 1;
    for (this.position++; this.position < this.#text.length; this.position++) {
      const character = this.#text[this.position] as string;
      if (character === '\\') text += this.#readEscape();
      else {
        if (character === '(') open++;
        else if (character === ')') open--;
        if (open === 0) break;
        text += character;
      }
    }
    this.position++;
    return text;
  }

  #readEscape(): string {
    const octal = /^[0-7]{1,3}/.exec(this.#text.slice(this.position + 1, this.position + 4))?.[0];
    if (octal) {
      this.position += octal.length;
      return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    }
    this.position++;
    const character = this.#text[this.position] ?? '';
    if (character === '\r' && this.#text[this.position + 1] === '\n') this.position++;
    return /[\r\n]/.test(character) ? '' : (ESCAPES[character] ?? character);
  }
}
