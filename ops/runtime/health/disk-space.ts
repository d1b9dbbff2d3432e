import { statfs } from 'node:fs/promises';

/** Returns the share of a folder's file system that is free for this user, 0 to 1; undefined when there is no such folder. */
export async function freeShareOf(folder: string): Promise<number | undefined> {
  try {
    const { bavail, blocks } = await statfs(folder);
    return blocks === 0 ? undefined : bavail / blocks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
