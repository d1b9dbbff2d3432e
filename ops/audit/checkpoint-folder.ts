import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { type CheckpointStore, parseCheckpoint, type SignedCheckpoint } from './checkpoint.js';

const ENDING = '.jsonl';

/** Opens the checkpoints in `<dataDir>/audit`: an append-only file per trail, one per line. */
export function openCheckpointFolder(dataDir: string): CheckpointStore {
  const folder = join(dataDir, 'audit');
  const fileOf = (organizationId: string) => join(folder, `${organizationId}${ENDING}`);
  return {
    name: folder,
    add: async (checkpoints) => {
      if (checkpoints.length === 0) return;
      makeDataDir(folder);
      for (const checkpoint of checkpoints) {
        const file = await open(fileOf(checkpoint.organizationId), 'a', 0o600);
        try {
          // A line that a killed process left incomplete must not spoil this one.
          const { size } = await file.stat();
          await file.appendFile(`${size > 0 ? '\n' : ''}${JSON.stringify(checkpoint)}`);
          await file.sync();
        } finally {
          await file.close();
        }
      }
    },
    of: async (organizationId) => {
      const text = await readFile(fileOf(organizationId), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return text
        .split('\n')
        .map(parseCheckpoint)
        .filter((checkpoint): checkpoint is SignedCheckpoint => checkpoint !== undefined);
    },
    organizations: async () => {
      const names = await readdir(folder).catch(() => [] as string[]);
      return names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length));
    },
  };
}
