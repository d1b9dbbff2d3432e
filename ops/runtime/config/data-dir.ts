import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '#runtime/errors.js';

// Step by step: Node's own recursive mkdir never returns where the system answers "no such file" for a new folder, as
// /proc does.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process of the installation was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes the data folder if it is not there. Throws ConfigurationError when it cannot be written. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    // The slash refuses a file: only a folder has something below it.
    accessSync(join(dataDir, '/'), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConfigurationError(
      `The data folder ${dataDir} cannot be written (${(cause as NodeJS.ErrnoException).code}): ` +
        'make it writable for this user, or set DATA_DIR to a folder that is.',
      { cause },
    );
  }
}
