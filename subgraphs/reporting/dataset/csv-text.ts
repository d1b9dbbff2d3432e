// Where a spreadsheet begins a cell: at the start of the text, and behind a separator of any locale, as quotes end within a cell
// that is split there. A run of separators, spaces and quotes is tried from its first character only, so that the time is linear.
const CELL_START = /(?:^|(?<![,;|\s"])(?=[,;|\s"]))[,;|\s"]*(?='*[=+\-@＝＋－＠])/g;
const NEUTRALIZED_START = /(?:^|(?<![,;|\s"])(?=[,;|\s"]))[,;|\s"]*'(?='*[=+\-@＝＋－＠])/g;
const SEPARATOR = /[,;|\t\r\n]/;
// Full-width forms count in East Asian locales.
const TRIGGER = /[=+\-@＝＋－＠]/;

const beginsCell = (run: string, offset: number) => offset === 0 || SEPARATOR.test(run);

/**
 * Puts an apostrophe before what a spreadsheet would evaluate as a formula, in whatever locale it opens the file. Text that has
 * apostrophes there already gets one more, so that `restoreText` gives every text back.
 */
export function neutralizeText(text: string): string {
  if (!TRIGGER.test(text)) return text;
  return text.replace(CELL_START, (run, offset: number) => (beginsCell(run, offset) ? `${run}'` : run));
}

/** Returns the text that `neutralizeText` was given. */
export function restoreText(text: string): string {
  if (!text.includes("'")) return text;
  return text.replace(NEUTRALIZED_START, (run, offset: number) =>
    beginsCell(run, offset) ? run.slice(0, run.length - 1) : run,
  );
}

/** Returns a cell as a field of a CSV file (RFC 4180). */
export function csvField(text: string, separator = ','): string {
  if (!/[",\r\n;\t]/.test(text)) return text;
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that is no CSV. */
export class MalformedCsv extends Error {
  override name = 'MalformedCsv';
}

/** Longer records are no report's: the longest text of a provider has some ten thousand characters. */
const MAX_RECORD_CHARACTERS = 4 * 1024 * 1024;

interface Parsed<Value> {
  value: Value;
  /** Where the text behind it begins. */
  end: number;
}

/** Splits CSV (RFC 4180) that arrives in pieces into records of fields. Throws MalformedCsv. */
export class CsvParser {
  readonly #separator: string;
  #rest = '';

  constructor(separator = ',') {
    this.#separator = separator;
  }

  /** Returns the records that are complete after this piece. */
  push(piece: string): string[][] {
    const text = this.#rest + piece;
    const records: string[][] = [];
    let quote = text.indexOf('"');
    let start = 0;
    for (;;) {
      if (quote >= 0 && quote < start) quote = text.indexOf('"', start);
      const lineEnd = text.indexOf('\n', start);
      if (lineEnd < 0) break;
      const isPlain = quote < 0 || quote > lineEnd;
      const record = isPlain ? this.#plainRecord(text, start, lineEnd) : this.#quotedRecord(text, start);
      if (!record) break;
      records.push(record.value);
      start = record.end;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_RECORD_CHARACTERS) throw new MalformedCsv('A record is too long.');
    return records;
  }

  /** Returns the last record when it has no line end. */
  end(): string[][] {
    if (this.#rest === '') return [];
    const records = this.push('\n');
    if (this.#rest !== '') throw new MalformedCsv('The last field is not closed.');
    return records;
  }

  #plainRecord(text: string, start: number, lineEnd: number): Parsed<string[]> {
    const end = lineEnd > start && text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
    return { value: text.slice(start, end).split(this.#separator), end: lineEnd + 1 };
  }

  #quotedRecord(text: string, start: number): Parsed<string[]> | null {
    const value: string[] = [];
    for (let position = start; ; position += 1) {
      const field = text[position] === '"' ? quotedField(text, position) : this.#plainField(text, position);
      if (!field) return null;
      value.push(field.value);
      position = field.end;
      if (text.startsWith('\r\n', position)) return { value, end: position + 2 };
      const next = text[position];
      if (next === '\n') return { value, end: position + 1 };
      if (next === undefined || (next === '\r' && position + 1 === text.length)) return null;
      if (next !== this.#separator) throw new MalformedCsv('A quoted field is followed by more text.');
    }
  }

  #plainField(text: string, start: number): Parsed<string> | null {
    for (let end = start; end < text.length; end += 1) {
      const isEnd = text[end] === this.#separator || text[end] === '\n' || text.startsWith('\r\n', end);
      if (isEnd) return { value: text.slice(start, end), end };
    }
    return null;
  }
}

function quotedField(text: string, start: number): Parsed<string> | null {
  for (let from = start + 1; ; ) {
    const end = text.indexOf('"', from);
    // A quote at the end of a piece may be the first of two.
    if (end < 0 || end === text.length - 1) return null;
    if (text[end + 1] !== '"') return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
    from = end + 2;
  }
}
