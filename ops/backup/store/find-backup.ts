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

/** A backup on this machine. */
export interface FoundBackup {
  file: string;
  /** For people: where it came from. */
  location: string;
  /** Removes the copy that was made of it, if one was. */
  release(): void;
}

type Settings = Pick<Config, 'backup' | 'dataDir'>;

/** Brings a backup from a bucket to a folder of its own beside the backups, where there is room for them. */
async function bring(store: BackupStore, name: string, settings: Settings): Promise<FoundBackup> {
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

const here = (file: string): FoundBackup => ({ file, location: file, release: () => {} });

/** An address names its own bucket; how to reach it is as configured. */
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

/** Returns the newest backup of all places; undefined = there is none. */
export async function findNewestBackup(settings: Settings, now: Date): Promise<FoundBackup | undefined> {
  const stores = await openBackupStores(backupFolder(settings), settings.backup);
  const names = await Promise.all(stores.map((store) => store.list()));
  const [newest] = lastMadeFirst(names.flat(), backupName(now, true));
  // The folder comes first: what is here need not be brought.
  const index = names.findIndex((list) => newest !== undefined && list.includes(newest));
  const store = stores[index];
  if (!newest || !store) return undefined;
  return index === 0 ? here(join(backupFolder(settings), newest)) : bring(store, newest, settings);
}

/**
 * Returns the backup that is called so: a file, the name of one in the backup folder or the configured bucket, or an
 * `s3://` address. Throws UnusableBackup, with the newest names, when there is none.
 */
export async function findBackup(words: string, settings: Settings): Promise<FoundBackup> {
  if (words.startsWith('s3://')) {
    const { bucket, name } = bucketIn(words, settings.backup.s3);
    return bring(await openBucketStore(bucket), name, settings);
  }
  if (existsSync(words)) return here(resolve(words));
  const folder = backupFolder(settings);
  if (isBackupName(words) && existsSync(join(folder, words))) return here(join(folder, words));
  const stores = await openBackupStores(folder, settings.backup);
  const names = await Promise.all(stores.map((store) => store.list()));
  const index = names.findIndex((list) => list.includes(words));
  const store = stores[index];
  if (store) return bring(store, words, settings);
  throw new UnusableBackup(`There is no backup ${words}. ${newestNames(names.flat())}`);
}

const SHOWN = 5;

/** Returns a sentence about the backups there are. */
export function newestNames(names: string[]): string {
  const newest = [...new Set(names)].sort().reverse().slice(0, SHOWN);
  return newest.length > 0
    ? `The newest are:\n${newest.map((name) => `  ${name}`).join('\n')}`
    : 'There is none yet: make one with `npm run backup`.';
}
