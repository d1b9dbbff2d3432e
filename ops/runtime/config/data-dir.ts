import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '#runtime/errors.js';

// Node's own recursive mkdir never returns where the system answers ENOENT for a new folder, as in /proc.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // By another process, meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Creates the data folder if it does not exist. Throws ConfigurationError when it is not writable. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    // The slash at the end refuses a file.
    accessSync(join(dataDir, '/'), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConfigurationError(
      `The data folder ${dataDir} cannot be written (${(cause as NodeJS.ErrnoException).code}): ` +
        'make it writable for this user, or set DATA_DIR to a folder that is.',
      { cause },
    );
  }
}
