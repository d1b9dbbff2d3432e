import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { flipBit, rewrite, smallBackupLines, writeLines } from '#ops/testing/small-backup.js';
import { checksumName } from './store/backup-name.js';
import { verifyBackup } from './verify-backup.js';

const withoutChecksum = (file: string) => rmSync(checksumName(file));

/** Exchanges two lines. */
const swapped = (one: number, other: number) => (lines: string[]) => {
  const copy = [...lines];
  [copy[one], copy[other]] = [lines[other] as string, lines[one] as string];
  return copy;
};

const replaced = (from: string | RegExp, to: string) => (lines: string[]) =>
  lines.map((line) => line.replace(from, to));
const without =
  (...numbers: number[]) =>
  (lines: string[]) =>
    lines.filter((_, number) => !numbers.includes(number));

// The lines: 0 backup, 1 to 3 define, 4 table one, 5 to 7 its rows, 8 its end, 9 table two, 10 its row, 11 its end, 12 total.
const damages: [what: string, change: (lines: string[]) => string[], reason: string][] = [
  ['a changed value', replaced('{"id":2}', '{"id":9}'), 'the rows of small.one were changed'],
  ['rows in another order', swapped(5, 6), 'the rows of small.one were changed'],
  ['a row that is gone', without(6), 'small.one has 2 rows where 3 were written'],
  ['a row in another table', swapped(7, 10), 'the rows of small.one were changed'],
  ['a table that is gone', without(9, 10, 11), 'it has 1 tables where 2 were written'],
  ['a statement that is gone', without(3), 'lines were changed or moved'],
  ['a changed statement', replaced('CREATE SCHEMA small', 'CREATE SCHEMA other'), 'lines were changed or moved'],
  ['statements in another order', swapped(1, 2), 'lines were changed or moved'],
  ['a table without its end', without(8), 'small.one has no end'],
  ['an end without its table', without(4), 'a row stands outside of any table, in line 5'],
  ['no end', without(12), 'it is cut off'],
  ['half of its lines', (lines) => lines.slice(0, 7), 'it is cut off'],
  ['half of a line', (lines) => [...lines.slice(0, 6), '{"id'], 'it is cut off in the middle of a line'],
  ['more after its end', (lines) => [...lines, '["define","SELECT 1"]\n'], 'something stands after its end'],
  ['rows after its end', (lines) => [...lines, '{"id":1}\n'], 'outside of any table'],
  ['an empty line', (lines) => ['', ...lines.slice(0, 3), '\n', ...lines.slice(3)], 'its line 4 was changed'],
  [
    'an unknown line',
    (lines) => [...lines.slice(0, 3), '["surprise",1]\n', ...lines.slice(3)],
    'none that this version knows',
  ],
  ['a second beginning', (lines) => [lines[0] as string, ...lines], 'none that this version knows'],
];

describe('reading all of a backup', () => {
  it('finds it sound, sealed or not', async () => {
    const key = randomBytes(32);
    const lines = smallBackupLines();
    for (const file of [await writeLines(lines), await writeLines(lines, key)]) {
      const { header, total, tables } = await verifyBackup(file, key);
      expect(header.version).toBe('0.1.0');
      expect(total).toMatchObject({ tables: 2, rows: 4 });
      expect([...tables].map(([name, { rows }]) => [name, rows])).toEqual([
        ['small.one', 3],
        ['small.two', 1],
      ]);
    }
  });

  it.each(damages)('refuses %s, also with a checksum that fits', async (_what, change, reason) => {
    const file = await writeLines(smallBackupLines());
    rewrite(file, change);
    await expect(verifyBackup(file, undefined)).rejects.toThrow(reason);
  });

  it('refuses every single bit that is changed, with and without the checksum beside it', async () => {
    const file = await writeLines(smallBackupLines());
    const bytes = readFileSync(file);
    // Before the compressed content gzip keeps the time and the system it was made on, which mean nothing.
    for (let at = 10; at < bytes.length; at += 1) {
      flipBit(file, at);
      await expect(verifyBackup(file, undefined)).rejects.toThrow('The backup cannot be used');
      writeFileSync(file, bytes);
    }
    withoutChecksum(file);
    for (let at = 10; at < bytes.length; at += 7) {
      flipBit(file, at);
      await expect(verifyBackup(file, undefined)).rejects.toThrow('The backup cannot be used');
      writeFileSync(file, bytes);
    }
    await verifyBackup(file, undefined);
  });

  it('refuses a file that is cut off anywhere', async () => {
    const file = await writeLines(smallBackupLines());
    withoutChecksum(file);
    for (let length = readFileSync(file).length - 1; length >= 0; length -= 13) {
      truncateSync(file, length);
      await expect(verifyBackup(file, undefined)).rejects.toThrow(/is cut off|is empty|neither is compressed/);
    }
  });

  it.each<[what: string, more: Buffer]>([
    ['zeros', Buffer.alloc(3)],
    ['many zeros', Buffer.alloc(300_000)],
    ['text', Buffer.from('DROP TABLE x;\n')],
    ['the beginning of another file of gzip', Buffer.from([0x1f, 0x8b])],
    ['more of that', Buffer.from([0x1f, 0x8b, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0])],
    ['another, empty file of gzip', gzipSync('')],
    ['another file of gzip', gzipSync('["define","SELECT 1"]\n')],
    ['noise', randomBytes(200_000)],
  ])('refuses %s after its end, with and without a seal', async (_what, more) => {
    const key = randomBytes(32);
    for (const file of [await writeLines(smallBackupLines()), await writeLines(smallBackupLines(), key)]) {
      withoutChecksum(file);
      await verifyBackup(file, key);
      appendFileSync(file, more);
      await expect(verifyBackup(file, key)).rejects.toThrow('The backup cannot be used');
    }
  });

  it('refuses what the checksum beside it was not made of', async () => {
    const file = await writeLines(smallBackupLines());
    // The operating system gzip noted: nothing but the checksum notices.
    flipBit(file, 9);
    await expect(verifyBackup(file, undefined)).rejects.toThrow('it does not have the checksum in');
    writeFileSync(checksumName(file), 'nonsense\n');
    await expect(verifyBackup(file, undefined)).rejects.toThrow('is not a checksum');
  });

  it('refuses a foreign file', async () => {
    const file = await writeLines(smallBackupLines());
    withoutChecksum(file);
    for (const text of ['PK something else', '']) {
      writeFileSync(file, text);
      await expect(verifyBackup(file, undefined)).rejects.toThrow(/is not a backup of WebMetrics|is empty/);
    }
    for (const text of ['-- PostgreSQL database dump\n', '{"id":1}\n', '["define","SELECT 1"]\n']) {
      writeFileSync(file, gzipSync(text));
      await expect(verifyBackup(file, undefined)).rejects.toThrow('The file is not a backup of WebMetrics');
    }
    await expect(verifyBackup('/nowhere/backup.jsonl.gz', undefined)).rejects.toThrow('cannot be read (ENOENT)');
  });

  it('refuses a newer format with the version to use', async () => {
    const file = await writeLines(smallBackupLines());
    rewrite(file, replaced(/"format":1,(.*)"version":"0.1.0"/, '"format":2,$1"version":"9.9.9"'));
    await expect(verifyBackup(file, undefined)).rejects.toThrow(
      /format 2, written by WebMetrics 9\.9\.9; .* up to format 1/,
    );
  });

  it('refuses one that is sealed with another key', async () => {
    const file = await writeLines(smallBackupLines(), randomBytes(32));
    await expect(verifyBackup(file, randomBytes(32))).rejects.toThrow(/is sealed with key [0-9a-f]{8}, but/);
    await expect(verifyBackup(file, undefined)).rejects.toThrow(/set BACKUP_ENCRYPTION_KEY to that key/);
  });
});
