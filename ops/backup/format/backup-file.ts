import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { checksumName, checksumText, isBackupName } from '#ops/backup/store/backup-name.js';
import { sealWith } from './seal.js';

// JSON lines come to a sixth at the lowest level, and the highest ones win 4 % more for half the speed.
const GZIP_LEVEL = 1;

const PARTIAL = '.partial';

const partialOf = (file: string) => join(dirname(file), `.${basename(file)}${PARTIAL}`);

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Yields what passes through and tells `see` of it. */
function watch(see: (chunk: Buffer) => void) {
  return async function* watched(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      see(chunk);
      yield chunk;
    }
  };
}

/** A file that is complete and on the disk, but not under its name yet. */
export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
  /** Gives it its name, with the checksum beside it. */
  keep(): Promise<void>;
}

/**
 * Writes lines compressed, and sealed when there is a key, beside the place of `file`. Only `keep` puts it there: an
 * interrupted attempt leaves nothing that looks whole.
 */
export async function writeBackupFile(
  file: string,
  lines: AsyncIterable<string>,
  key: Buffer | undefined,
): Promise<WrittenFile> {
  const path = partialOf(file);
  const hash = createHash('sha256');
  let bytes = 0;
  const count = watch((chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  const gzip = createGzip({ level: GZIP_LEVEL });
  // Whoever can read the folder must not read the data because of that.
  const output = createWriteStream(path, { flags: 'w', mode: 0o600 });
  try {
    if (key) await pipeline(lines, gzip, sealWith(key), count, output);
    else await pipeline(lines, gzip, count, output);
    await sync(path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  const sha256 = hash.digest('hex');
  return {
    path,
    bytes,
    sha256,
    keep: async () => {
      const checksum = checksumName(file);
      await writeFile(checksum, checksumText(sha256, basename(file)), { mode: 0o600 });
      await sync(checksum);
      await rename(path, file);
      await sync(dirname(file));
    },
  };
}

/** How a folder begins that a backup was copied to for restoring it. */
export const COPY_PREFIX = '.restore-';
const COPY_IS_LEFT_AFTER_MS = 24 * 60 * 60 * 1000;

async function isLeftOver(folder: string, name: string, names: string[]): Promise<boolean> {
  if (name.endsWith(PARTIAL)) return true;
  if (name.startsWith(COPY_PREFIX))
    return Date.now() - (await stat(join(folder, name))).mtimeMs > COPY_IS_LEFT_AFTER_MS;
  const backup = name.replace(/\.sha256$/, '');
  return backup !== name && isBackupName(backup) && !names.includes(backup);
}

/** Removes what interrupted attempts left in a folder. Only one process may write backups there meanwhile. */
export async function removePartialFiles(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names) {
    if (await isLeftOver(folder, name, names)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Returns the SHA-256 of a file, in hexadecimal digits. */
export async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
