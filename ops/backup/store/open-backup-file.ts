import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DamagedBackup, UnusableBackup } from '#ops/backup/backup-problems.js';
import { SEALED_MAGIC, unsealWith } from '#ops/backup/format/seal.js';

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
  // pipe() does not forward errors, and pipeline() would replace the source's error.
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
 * Returns the decrypted, uncompressed bytes of a backup. Throws UnusableBackup for other files and keys, and
 * DamagedBackup while reading.
 */
export async function openBackupFile(file: string, key: Buffer | undefined): Promise<AsyncIterable<Buffer>> {
  const beginning = await readBeginning(file);
  if (beginning.length === 0) throw new DamagedBackup('it is empty');
  const bytes = createReadStream(file) as AsyncIterable<Buffer>;
  if (beginning.subarray(0, 2).equals(GZIP_MAGIC)) return unzipped(bytes);
  if (beginning.equals(SEALED_MAGIC)) return unzipped(unsealWith(key)(bytes));
  throw new UnusableBackup(
    `${basename(file)} is not a backup of WebMetrics: it neither is compressed with gzip nor sealed.`,
  );
}
