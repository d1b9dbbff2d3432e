import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { SupergraphSdlHook } from '@apollo/gateway';
import type { Logger } from '#runtime/log/logger.js';

const CHECKED_EVERY_MS = 2_000;

/**
 * Returns what gives Apollo's gateway the supergraph in a file, and each later one that it can use: operations that run keep theirs. One
 * that it cannot use is logged, and the one before stays. Rejects when the first cannot be read.
 */
export function watchSupergraph(file: string, logger: Logger, intervalMs = CHECKED_EVERY_MS): SupergraphSdlHook {
  return async ({ update }) => {
    const supergraphSdl = readFileSync(file, 'utf8');
    let tried = supergraphSdl;
    const check = () => {
      try {
        const text = readFileSync(file, 'utf8');
        if (text === tried) return;
        tried = text;
        update(text);
        logger.info({ file }, 'The supergraph has changed: operations are planned over the new one');
      } catch (err) {
        logger.error({ err, file }, 'The supergraph has changed and cannot be used: the one before stays');
      }
    };
    // By its time and size: files are also replaced by links, which events do not follow.
    watchFile(file, { interval: intervalMs, persistent: false }, check);
    return { supergraphSdl, cleanup: async () => unwatchFile(file, check) };
  };
}
