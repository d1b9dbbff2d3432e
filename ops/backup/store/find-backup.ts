import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UnusableBackup } from '#ops/backup/backup-problems.js';
import { COPY_PREFIX } from '#ops/backup/format/backup-file.js';
import type { Config } from '#runtime/config/config.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import type { S3Config } from '#runtime/config/operations-config.js';
import { backupName, isBackupName, lastMadeFirst } from './backup-name.js';
import { type BackupStore, backupFolder, openBackupStores, openBucketStore } from './backup-store.js';

export interface FoundBackup {
  file: string;
  location: string;
  /** Removes the downloaded copy, if any. */
  release(): void;
}

type Settings = Pick<Config, 'backup' | 'dataDir'>;

async function download(store: BackupStore, name: string, settings: Settings): Promise<FoundBackup> {
  const folder = backupFolder(settings);
  makeDataDir(folder);
  const copy = await mkdtemp(join(folder, COPY_PREFIX));
  const file = join(copy, name);
  const release = () => rmSync(copy, { recursive: true, force: true });
  try {
    await store.fetch(name, file);
  } catch (error) {
    release();
    throw error;
  }
  return { file, location: store.locationOf(name), release };
}

const local = (file: string): FoundBackup => ({ file, location: file, release: () => {} });

/** The address names the bucket; region and credentials are as configured. */
function bucketIn(address: string, s3: S3Config | undefined): { bucket: S3Config; name: string } {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  const name = basename(path);
  if (!bucket || !isBackupName(name))
    throw new UnusableBackup(`${address} does not name a backup like s3://bucket/prefix/webmetrics-….jsonl.gz.`);
  const settings = s3 ?? {
    region: 'us-east-1',
    endpoint: undefined,
    accessKeyId: undefined,
    secretAccessKey: undefined,
  };
  return { bucket: { ...settings, bucket, prefix: path.slice(0, -name.length - 1) }, name };
}

/** Returns the newest backup of all stores, if any. */
export async function findNewestBackup(settings: Settings, now: Date): Promise<FoundBackup | undefined> {
  const stores = await openBackupStores(backupFolder(settings), settings.backup);
  const names = await Promise.all(stores.map((store) => store.list()));
  const [newest] = lastMadeFirst(names.flat(), backupName(now, true));
  // The folder comes first: its backups need no download.
  const index = names.findIndex((list) => newest !== undefined && list.includes(newest));
  const store = stores[index];
  if (!newest || !store) return undefined;
  return index === 0 ? local(join(backupFolder(settings), newest)) : download(store, newest, settings);
}

/** Finds a backup by file, name or `s3://` address. Throws UnusableBackup, naming the newest, when there is none. */
export async function findBackup(reference: string, settings: Settings): Promise<FoundBackup> {
  if (reference.startsWith('s3://')) {
    const { bucket, name } = bucketIn(reference, settings.backup.s3);
    return download(await openBucketStore(bucket), name, settings);
  }
  if (existsSync(reference)) return local(resolve(reference));
  const folder = backupFolder(settings);
  if (isBackupName(reference) && existsSync(join(folder, reference))) return local(join(folder, reference));
  const stores = await openBackupStores(folder, settings.backup);
  const names = await Promise.all(stores.map((store) => store.list()));
  const index = names.findIndex((list) => list.includes(reference));
  const store = stores[index];
  if (store) return download(store, reference, settings);
  throw new UnusableBackup(`There is no backup ${reference}. ${describeNewest(names.flat())}`);
}

const SHOWN = 5;

/** Lists the newest backups in a sentence. */
export function describeNewest(names: string[]): string {
  const newest = [...new Set(names)].sort().reverse().slice(0, SHOWN);
  return newest.length > 0
    ? `The newest are:\n${newest.map((name) => `  ${name}`).join('\n')}`
    : 'There is none yet: make one with `npm run backup`.';
}
