import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DamagedBackup, UnusableBackup } from '#ops/backup/backup-problems.js';
import { SEALED_MAGIC, unsealWith } from '#ops/backup/format/seal.js';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** How long a file of gzip is, and what it decompresses to by its last four bytes, modulo 2³² (RFC 1952 §2.3.1). */
interface Extent {
  size: number;
  contentSize: number;
}

async function readEnds(file: string): Promise<Extent & { beginning: Buffer }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const read = async (length: number, at: number) => {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
        return buffer.subarray(0, bytesRead);
      };
      const end = await read(4, Math.max(0, size - 4));
      return {
        beginning: await read(SEALED_MAGIC.length, 0),
        size,
        contentSize: end.length === 4 ? end.readUInt32LE() : 0,
      };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new UnusableBackup(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  }
}

/** `extent`: where nothing excludes more behind the end, as a seal does. */
async function* unzipped(compressed: AsyncIterable<Buffer>, extent?: Extent): AsyncGenerator<Buffer> {
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
    let contentSize = 0;
    for await (const chunk of gunzip) {
      contentSize += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    // zlib passes over zeros, and over further files of gzip that are empty.
    const isWhole = !extent || (gunzip.bytesWritten === extent.size && contentSize % 2 ** 32 === extent.contentSize);
    if (!isWhole) throw new DamagedBackup('something stands after its end');
  } catch (error) {
    if (failure || error instanceof DamagedBackup) throw failure ?? error;
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
  const { beginning, ...extent } = await readEnds(file);
  if (beginning.length === 0) throw new DamagedBackup('it is empty');
  const bytes = createReadStream(file) as AsyncIterable<Buffer>;
  if (beginning.subarray(0, 2).equals(GZIP_MAGIC)) return unzipped(bytes, extent);
  if (beginning.equals(SEALED_MAGIC)) return unzipped(unsealWith(key)(bytes));
  throw new UnusableBackup(
    `${basename(file)} is not a backup of WebMetrics: it neither is compressed with gzip nor sealed.`,
  );
}
