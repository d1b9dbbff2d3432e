import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '#runtime/errors.js';

export interface ListFilesOptions {
  /** The files of a folder that count. */
  name: RegExp;
  /** Whether those of the folders below count, too. */
  isRecursive?: boolean;
  /** Begins the message of an error: the setting that names the path. */
  setting?: string;
}

/** Returns a file, or the files of a folder by name. Throws ConfigurationError for what cannot be read. */
export function listFiles(path: string, { name, isRecursive = false, setting }: ListFilesOptions): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: isRecursive, encoding: 'utf8' }).filter((file) => name.test(file));
    return names.sort().map((file) => join(path, file));
  } catch (cause) {
    throw new ConfigurationError(`${setting ? `${setting}: ` : ''}${path} cannot be read.`, { cause });
  }
}
