import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DamagedBackup, UnusableBackup } from '#ops/backup/backup-problems.js';
import { openWith, SEALED_MAGIC } from '#ops/backup/format/seal.js';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

async function readBeginning(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SEALED_MAGIC.length), 0, SEALED_MAGIC.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new UnusableBackup(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  }
}

async function* unzipped(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(compressed);
  const gunzip = createGunzip();
  let failure: unknown;
  // pipe() hands no error on, and pipeline() would hide the one of the source behind its own.
  source.on('error', (error) => {
    failure = error;
    gunzip.destroy(error);
  });
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (failure) throw failure;
    const isCutOff = (error as { code?: string }).code === 'Z_BUF_ERROR';
    throw new DamagedBackup(isCutOff ? 'it is cut off' : 'its compressed content was changed', error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/**
 * Returns the text of a backup file as bytes, opened and uncompressed as they are read. Throws UnusableBackup for a file
 * that is none or is sealed with another key, and while it is read DamagedBackup where it is not what was written.
 */
export async function openBackupFile(file: string, key: Buffer | undefined): Promise<AsyncIterable<Buffer>> {
  const beginning = await readBeginning(file);
  if (beginning.length === 0) throw new DamagedBackup('it is empty');
  const bytes = createReadStream(file) as AsyncIterable<Buffer>;
  if (beginning.subarray(0, 2).equals(GZIP_MAGIC)) return unzipped(bytes);
  if (beginning.equals(SEALED_MAGIC)) return unzipped(openWith(key)(bytes));
  throw new UnusableBackup(
    `${basename(file)} is not a backup of WebMetrics: it neither is compressed with gzip nor sealed.`,
  );
}
