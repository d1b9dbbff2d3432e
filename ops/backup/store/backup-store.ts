import type { BackupConfig } from '#runtime/config/operations-config.js';
import { openBucketStore } from './bucket-store.js';
import { openFolderStore } from './folder-store.js';

/** A place backups are kept in. */
export interface BackupStore {
  /** For people, of one backup. */
  locationOf(name: string): string;
  /** The names of the backups there, newest first. */
  list(): Promise<string[]>;
  /** Puts a finished file there, reads it back and throws when that is not the same. */
  add(file: string, name: string, sha256: string): Promise<void>;
  /** Brings a backup, with its checksum, to a file of this machine. */
  fetch(name: string, file: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Returns the places an installation keeps backups in: its folder first. */
export async function openBackupStores(folder: string, { s3 }: BackupConfig): Promise<BackupStore[]> {
  return s3 ? [openFolderStore(folder), await openBucketStore(s3)] : [openFolderStore(folder)];
}
