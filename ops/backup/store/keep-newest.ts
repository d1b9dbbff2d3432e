import { lastMadeFirst } from './backup-name.js';
import type { BackupStore } from './backup-store.js';

/** Removes all but the newest backups of a place, the one just made first of all, and returns the names of those that went. */
export async function keepNewest(store: BackupStore, keep: number, justMade: string): Promise<string[]> {
  const old = lastMadeFirst(await store.list(), justMade).slice(keep);
  for (const name of old) await store.remove(name);
  return old;
}
