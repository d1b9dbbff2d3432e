import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DamagedBackup } from './backup-problems.js';
import { fileSha256 } from './format/backup-file.js';
import type { Header, SectionEnd, Total } from './format/backup-format.js';
import { tableName } from './format/backup-format.js';
import { readBackup } from './read-backup.js';
import { checksumName } from './store/backup-name.js';

/** A completely read and verified backup. */
export interface VerifiedBackup {
  header: Header;
  total: Total;
  /** By \`schema.table\`. */
  tables: Map<string, SectionEnd>;
  /** Jobs of a queue in MongoDB; undefined = the queue is in the database. */
  queuedJobs: number | undefined;
}

/** Compares a file with its checksum file, if there is one. */
async function checkChecksum(file: string): Promise<void> {
  const text = await readFile(checksumName(file), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const expected = /^([0-9a-f]{64}) [ *]/.exec(text)?.[1];
  if (!expected) throw new DamagedBackup(`${basename(checksumName(file))} is not a checksum`);
  if ((await fileSha256(file)) !== expected) {
    throw new DamagedBackup(`the file was changed: it does not have the checksum in ${basename(checksumName(file))}`);
  }
}

/** Reads and verifies a backup file. Throws DamagedBackup or UnusableBackup with the exact reason. */
export async function verifyBackup(file: string, key: Buffer | undefined): Promise<VerifiedBackup> {
  const tables = new Map<string, SectionEnd>();
  let queuedJobs: number | undefined;
  let section: string | undefined;
  const parts = readBackup(file, key);
  let next = await parts.next();
  for (; !next.done; next = await parts.next()) {
    const part = next.value;
    if (part.kind === 'table') section = tableName(part.content);
    if (part.kind === 'queue') section = undefined;
    if (part.kind !== 'end') continue;
    if (section) tables.set(section, part.content);
    else queuedJobs = part.content.rows;
  }
  await checkChecksum(file);
  return { ...next.value, tables, queuedJobs };
}
