import type { BackupStore } from './backup-store.js';

/** Removes all but the newest backups of a place and returns the names of those that went. */
export async function keepNewest(store: BackupStore, keep: number): Promise<string[]> {
  const old = (await store.list()).slice(keep);
  for (const name of old) await store.remove(name);
  return old;
}
