import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeBackupFile } from '#ops/backup/format/backup-file.js';
import { printLine, type Total } from '#ops/backup/format/backup-format.js';
import { checksumName, checksumText } from '#ops/backup/store/backup-name.js';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/** Returns the lines of a sound backup of two tables. */
export function smallBackupLines(): string[] {
  const table = (name: string, rows: string[]) => [
    printLine('table', { schema: 'small', name, columns: [{ name: 'id', type: 'integer' }] }),
    ...rows,
    printLine('end', { rows: rows.length, sha256: sha256(rows.join('')) }),
  ];
  const lines = [
    printLine('backup', {
      format: 1,
      createdAt: '2026-11-22T22:00:00.000Z',
      version: '0.1.0',
      database: 'webmetrics',
      schemas: ['small'],
      postgresql: '18.0',
      queue: 'PostgreSQL',
    }),
    printLine('define', 'CREATE SCHEMA small'),
    printLine('define', 'CREATE TABLE small.one (id integer)'),
    printLine('define', 'CREATE TABLE small.two (id integer)'),
    ...table('one', ['{"id":1}\n', '{"id":2}\n', '{"id":3}\n']),
    ...table('two', ['{"id":4}\n']),
  ];
  const total: Total = { tables: 2, rows: 4, sha256: sha256(lines.join('')) };
  return [...lines, printLine('total', total)];
}

/** Writes lines and their checksum, and returns the file. */
export async function writeLines(lines: string[], key?: Buffer): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'webmetrics-test-')), 'webmetrics-2026-11-22T22-00-00-000Z.jsonl.gz');
  async function* each() {
    yield* lines;
  }
  const written = await writeBackupFile(file, each(), key);
  await written.keep();
  return file;
}

/** Changes an unsealed backup, as an attacker could who also rewrites the checksum. */
export function rewrite(file: string, change: (lines: string[]) => string[]): void {
  const lines = gunzipSync(readFileSync(file))
    .toString()
    .split(/(?<=\n)/);
  const changed = gzipSync(change(lines).join(''));
  writeFileSync(file, changed);
  writeFileSync(checksumName(file), checksumText(sha256(changed), file));
}

/** Changes lines and corrects the file's counts and checksums. */
export function rewriteConsistently(file: string, change: (lines: string[]) => string[]): void {
  rewrite(file, (lines) => {
    const out: string[] = [];
    let rows: string[] | undefined;
    let tables = 0;
    let allRows = 0;
    for (const line of change(lines)) {
      if (line.startsWith('["total"')) {
        out.push(printLine('total', { tables, rows: allRows, sha256: sha256(out.join('')) }));
        continue;
      }
      if (line.startsWith('["table"')) {
        rows = [];
        tables += 1;
      } else if (line.startsWith('["queue"')) rows = [];
      else if (line.startsWith('{')) rows?.push(line);
      if (!line.startsWith('["end"') || !rows) {
        out.push(line);
        continue;
      }
      out.push(printLine('end', { rows: rows.length, sha256: sha256(rows.join('')) }));
      allRows += rows.length;
      rows = undefined;
    }
    return out;
  });
}

/** Changes one bit of a file. */
export function flipBit(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}
