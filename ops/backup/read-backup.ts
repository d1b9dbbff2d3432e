import { createHash } from 'node:crypto';
import { DamagedBackup, UnusableBackup } from './backup-problems.js';
import {
  FORMAT,
  type Header,
  type Lines,
  RowDigest,
  type Table,
  type Total,
  tableName,
} from './format/backup-format.js';
import { openBackupFile } from './store/open-backup-file.js';

const NEWLINE = 0x0a;

/** Yields lines in groups. A last line without a line break comes with `isCutOff`. */
async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<{ lines: string[]; isCutOff: boolean }> {
  let waiting: Buffer[] = [];
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      waiting.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...waiting, chunk.subarray(0, end)]).toString();
    waiting = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield { lines: whole.split('\n'), isCutOff: false };
  }
  if (waiting.length > 0) yield { lines: [Buffer.concat(waiting).toString()], isCutOff: true };
}

/** A part of a backup in file order; adjacent rows come together. */
export type Part =
  | { [Kind in keyof Lines]: { kind: Kind; content: Lines[Kind] } }[keyof Lines]
  | { kind: 'rows'; lines: string[] };

const notABackup = () => new UnusableBackup('The file is not a backup of WebMetrics: it begins differently.');

const isRow = (line: string) => line.startsWith('{');

function parseLine(line: string, number: number): Part {
  try {
    const [kind, content] = JSON.parse(line) as [keyof Lines, never];
    return { kind, content };
  } catch (cause) {
    throw new DamagedBackup(`its line ${number} was changed`, cause);
  }
}

function readHeader(line: string): Part & { kind: 'backup' } {
  const part = line.startsWith('["backup"') ? parseLine(line, 1) : undefined;
  if (part?.kind !== 'backup') throw notABackup();
  const { format, version } = part.content;
  if (format <= FORMAT) return part;
  throw new UnusableBackup(
    `The backup has format ${format}, written by WebMetrics ${version}; this version reads up to format ${FORMAT}: use that version.`,
  );
}

/** Checks sequence, counts and hashes of lines; throws DamagedBackup at the first violation. */
class LineChecker {
  readonly #hash = createHash('sha256');
  #section: { name: string; digest: RowDigest } | undefined;
  #rows = 0;
  #tables = 0;
  #number = 0;
  #header: Header | undefined;
  total: Total | undefined;

  rows(lines: string[]): void {
    if (!this.#header) throw notABackup();
    if (!this.#section) throw new DamagedBackup(`a row stands outside of any table, in line ${this.#number + 1}`);
    const text = `${lines.join('\n')}\n`;
    this.#hash.update(text);
    this.#section.digest.add(text, lines.length);
    this.#number += lines.length;
  }

  line(line: string): Part {
    this.#number += 1;
    if (this.total) throw new DamagedBackup('something stands after its end');
    const isFirst = this.#number === 1;
    const part = isFirst ? readHeader(line) : parseLine(line, this.#number);
    if (isFirst && part.kind === 'backup') this.#header = part.content;
    if (part.kind === 'total') {
      this.#end(part.content);
      return part;
    }
    this.#hash.update(`${line}\n`);
    if (part.kind === 'queue') this.#open('the job queue');
    else if (part.kind === 'table') this.#openTable(part.content);
    else if (part.kind === 'end') this.#close(part.content);
    else if (part.kind !== 'define' && !(part.kind === 'backup' && isFirst)) {
      throw new DamagedBackup(`its line ${this.#number} is none that this version knows`);
    }
    return part;
  }

  #open(name: string): void {
    if (this.#section) throw new DamagedBackup(`${this.#section.name} has no end`);
    this.#section = { name, digest: new RowDigest() };
  }

  #openTable(table: Table): void {
    this.#open(tableName(table));
    this.#tables += 1;
  }

  #close({ rows, sha256 }: Lines['end']): void {
    if (!this.#section) throw new DamagedBackup(`its line ${this.#number} ends what did not begin`);
    const { name, digest } = this.#section;
    const found = digest.end();
    if (found.rows !== rows) throw new DamagedBackup(`${name} has ${found.rows} rows where ${rows} were written`);
    if (found.sha256 !== sha256) throw new DamagedBackup(`the rows of ${name} were changed`);
    this.#rows += rows;
    this.#section = undefined;
  }

  #end(total: Total): void {
    if (this.#section) throw new DamagedBackup(`${this.#section.name} has no end`);
    const { tables, rows, sha256 } = total;
    if (this.#tables !== tables) throw new DamagedBackup(`it has ${this.#tables} tables where ${tables} were written`);
    if (this.#rows !== rows) throw new DamagedBackup(`it has ${this.#rows} rows where ${rows} were written`);
    if (this.#hash.digest('hex') !== sha256) throw new DamagedBackup('lines were changed or moved');
    this.total = total;
  }

  finish(): { header: Header; total: Total } {
    if (!this.#header || !this.total) throw new DamagedBackup('it is cut off');
    return { header: this.#header, total: this.total };
  }
}

function* partsOf(lines: string[], checker: LineChecker): Generator<Part> {
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && isRow(lines[end] as string)) end += 1;
    if (end > start) {
      const rows = lines.slice(start, end);
      checker.rows(rows);
      yield { kind: 'rows', lines: rows };
      start = end;
      continue;
    }
    yield checker.line(lines[start] as string);
    start += 1;
  }
}

/**
 * Yields the parts of a backup file and returns its header and total. Throws DamagedBackup or UnusableBackup with the
 * reason.
 */
export async function* readBackup(
  file: string,
  key: Buffer | undefined,
): AsyncGenerator<Part, { header: Header; total: Total }> {
  const checker = new LineChecker();
  for await (const { lines, isCutOff } of readLines(await openBackupFile(file, key))) {
    if (isCutOff) throw new DamagedBackup('it is cut off in the middle of a line');
    yield* partsOf(lines, checker);
  }
  return checker.finish();
}
