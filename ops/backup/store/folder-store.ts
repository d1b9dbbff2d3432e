import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumName, newestFirst } from './backup-name.js';
import type { BackupStore } from './backup-store.js';

/** Returns the backups in a folder. They are written there in the first place, so none are added. */
export function openFolderStore(folder: string): BackupStore {
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
