import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Column, Manifest, Row, Section } from './dataset.js';

const base64url = (bits: number, characters: number): string => {
  let text = '';
  for (let index = characters - 1; index >= 0; index--) {
    text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[(bits >>> (index * 6)) & 63];
  }
  return text;
};

/** Characters of a cell in the check of its row. */
export const CELL_CHECK_LENGTH = 2;
const ROW_CHECK_LENGTH = 5;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC-32 of a text: of short ones in ASCII without the call into zlib, which takes longer than they do. */
function crcOf(text: string): number {
  let crc = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return crc32(text);
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ code) & 0xff] as number);
  }
  return ~crc >>> 0;
}

// No text has a zero character, so null and the empty text differ.
const textOf = (cell: string | null) => cell ?? '\0';

/** Returns the check of a cell: 12 bits of its CRC-32. */
export const cellCheck = (cell: string | null): string => base64url(crcOf(textOf(cell)), CELL_CHECK_LENGTH);

/**
 * Returns the check of a row, written beside it into every file: 30 bits of the CRC-32 of all cells, then `cellCheck` of each. It finds
 * what was changed; that nothing was is what the hash of the section says.
 */
export function rowCheck(row: Row): string {
  return base64url(crcOf(row.map(textOf).join('\u001f')), ROW_CHECK_LENGTH) + row.map(cellCheck).join('');
}

/** Returns the index of the first cell that does not match the check of its row; -1 when the row was changed otherwise; null when it matches. */
export function changedCell(row: Row, check: string): number | null {
  if (rowCheck(row) === check) return null;
  return row.findIndex((cell, index) => {
    const start = ROW_CHECK_LENGTH + index * CELL_CHECK_LENGTH;
    return check.slice(start, start + CELL_CHECK_LENGTH) !== cellCheck(cell);
  });
}

/** Hashes the rows of a section one after another: SHA-256 over their JSON, each with a line feed. */
export class RowHash {
  readonly #hash: Hash = createHash('sha256');

  add(row: Row): void {
    this.#hash.update(`${JSON.stringify(row)}\n`);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

const columnKeys = (columns: Column[]) => columns.map(({ key, kind }) => [key, kind]);

/** Returns the hash of a report: SHA-256 over the id, columns, number of rows and hash of each section. */
export function datasetHash(sections: Pick<Section, 'id' | 'columns' | 'rowCount' | 'hash'>[]): Manifest['hash'] {
  const content = sections.map(({ id, columns, rowCount, hash }) => [id, columnKeys(columns), rowCount, hash]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
