import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Config } from '#runtime/config/operations-config.js';
import { AppError } from '#runtime/errors.js';
import { checksumName, checksumText, newestFirst } from './backup-name.js';
import type { BackupStore } from './backup-store.js';
import { connectBucket } from './connect-bucket.js';

/** Says which store failed at what. The store's own message names neither. */
function bucketProblem({ bucket, endpoint }: S3Config, attempt: string, cause: unknown): AppError {
  const { name, message } = cause as Error;
  const place = `the bucket ${bucket} at ${endpoint ?? 'Amazon S3'}`;
  const reason = message && message !== 'UnknownError' ? `${name}: ${message}` : name;
  return new AppError(`Cannot ${attempt} in ${place} (${reason}): check BACKUP_S3_*.`, 'CONFIGURATION', { cause });
}

/** Opens the backups in a bucket of an S3-compatible store. */
export async function openBucketStore(config: S3Config): Promise<BackupStore> {
  // Loaded only where it is used: it is larger than the rest of a program that backs up.
  const { GetObjectCommand, DeleteObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const { Upload } = await import('@aws-sdk/lib-storage');
  const client = await connectBucket(config);
  const Bucket = config.bucket;
  const keyOf = (name: string) => (config.prefix ? `${config.prefix}/${name}` : name);
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof AppError ? cause : bucketProblem(config, what, cause);
    }
  };
  const read = async (name: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(name) }));
    return Body as Readable;
  };
  const upload = (name: string, Body: Readable | string) =>
    new Upload({ client, params: { Bucket, Key: keyOf(name), Body } }).done();

  return {
    locationOf: (name) => `s3://${Bucket}/${keyOf(name)}`,
    list: () =>
      attempt('list backups', async () => {
        const names: string[] = [];
        const Prefix = keyOf('');
        for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
          names.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(Prefix.length)));
        }
        return newestFirst(names);
      }),
    add: (file, name, sha256) =>
      attempt(`store ${name}`, async () => {
        await upload(name, createReadStream(file));
        const hash = createHash('sha256');
        for await (const chunk of await read(name)) hash.update(chunk as Buffer);
        if (hash.digest('hex') !== sha256) {
          throw new AppError(
            `What came back of s3://${Bucket}/${keyOf(name)} is not what was stored.`,
            'CONFIGURATION',
          );
        }
        await upload(checksumName(name), checksumText(sha256, name));
      }),
    fetch: (name, file) =>
      attempt(`read ${name}`, async () => {
        await pipeline(await read(name), createWriteStream(file, { mode: 0o600 }));
        await pipeline(await read(checksumName(name)), createWriteStream(checksumName(file), { mode: 0o600 }));
      }),
    remove: (name) =>
      attempt(`remove ${name}`, async () => {
        // The backup first: a checksum alone is not taken for one.
        for (const Key of [keyOf(name), keyOf(checksumName(name))]) {
          await client.send(new DeleteObjectCommand({ Bucket, Key }));
        }
      }),
  };
}
