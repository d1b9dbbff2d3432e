import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '#runtime/config/config.js';
import type { BackupConfig, S3Config } from '#runtime/config/operations-config.js';
import { AppError } from '#runtime/errors.js';
import { checksumName, checksumText, lastMadeFirst, newestFirst } from './backup-name.js';
import { connectBucket } from './connect-bucket.js';

export const backupFolder = ({ backup, dataDir }: Pick<Config, 'backup' | 'dataDir'>) =>
  backup.folder ?? join(dataDir, 'backups');

export interface BackupStore {
  locationOf(name: string): string;
  /** Backup names, newest first. */
  list(): Promise<string[]>;
  /** Stores a finished file and verifies it. */
  add(file: string, name: string, sha256: string): Promise<void>;
  /** Copies a backup and its checksum to a local file. */
  fetch(name: string, file: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Returns the configured stores, the folder first. */
export async function openBackupStores(folder: string, { s3 }: BackupConfig): Promise<BackupStore[]> {
  return s3 ? [openFolderStore(folder), await openBucketStore(s3)] : [openFolderStore(folder)];
}

/** Its backups are written directly, so `add` does nothing. */
function openFolderStore(folder: string): BackupStore {
  return {
    locationOf: (name) => join(folder, name),
    list: async () => newestFirst(await readdir(folder).catch(() => [])),
    add: async () => {},
    fetch: async (name, file) => {
      await copyFile(join(folder, name), file);
      await copyFile(join(folder, checksumName(name)), checksumName(file));
    },
    remove: async (name) => {
      await rm(join(folder, name), { force: true });
      await rm(join(folder, checksumName(name)), { force: true });
    },
  };
}

/** The SDK's messages name neither bucket nor operation. */
function bucketProblem({ bucket, endpoint }: S3Config, attempt: string, cause: unknown): AppError {
  const { name, message } = cause as Error;
  const location = `the bucket ${bucket} at ${endpoint ?? 'Amazon S3'}`;
  const reason = message && message !== 'UnknownError' ? `${name}: ${message}` : name;
  return new AppError(`Cannot ${attempt} in ${location} (${reason}): check BACKUP_S3_*.`, 'CONFIGURATION', { cause });
}

/** Opens a bucket of an S3-compatible store. */
export async function openBucketStore(config: S3Config): Promise<BackupStore> {
  // Loaded on demand, for its size.
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
        // The backup first: a lone checksum does not count as a backup.
        for (const Key of [keyOf(name), keyOf(checksumName(name))]) {
          await client.send(new DeleteObjectCommand({ Bucket, Key }));
        }
      }),
  };
}

/** Removes all but the newest backups and returns the removed names. */
export async function keepNewest(store: BackupStore, keep: number, justMade: string): Promise<string[]> {
  const old = lastMadeFirst(await store.list(), justMade).slice(keep);
  for (const name of old) await store.remove(name);
  return old;
}
