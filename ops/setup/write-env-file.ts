import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readEnvFile } from '#runtime/config/env-file.js';
import { ConfigurationError } from '#runtime/errors.js';
import { envText, isGeneratedComment } from './env-text.js';
import { findComments } from './kept-comments.js';

const ONLY_OWNER = 0o600;

function writeDurably(file: string, text: string): void {
  // 'wx': never through a link or over an existing file.
  const descriptor = openSync(file, 'wx', ONLY_OWNER);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function checkReadsBack(file: string, values: Record<string, string>): void {
  if (isDeepStrictEqual({ ...readEnvFile(file) }, { ...values })) return;
  throw new ConfigurationError('A value does not come back from the file as it was given: nothing was changed.');
}

function copyExisting(file: string, now: Date): string {
  const backup = `${file}.${now.toISOString().replaceAll(':', '-').replace('.', '-')}.backup`;
  writeFileSync(backup, readFileSync(file), { mode: ONLY_OWNER, flag: 'wx' });
  return backup;
}

function publish(draft: string, file: string, isNew: boolean): void {
  if (!isNew) {
    renameSync(draft, file);
    return;
  }
  try {
    // Unlike a rename, a link fails when another process has created the file meanwhile.
    linkSync(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new ConfigurationError(`${file} has just been created by another process: run setup again.`, { cause });
  }
}

/**
 * Writes values atomically, readable by the owner only, and keeps the comments that the file had. Returns the path of the previous file's copy, if any. Throws
 * ConfigurationError, changing nothing, when the file cannot be written or parses to other values.
 */
export function writeEnvFile(path: string, values: Record<string, string>, now: Date): string | undefined {
  const isNew = !existsSync(path);
  // A symbolic link is kept.
  const file = isNew ? path : realpathSync(path);
  const draft = `${file}.${randomUUID()}`;
  try {
    const comments = isNew ? undefined : findComments(readFileSync(file, 'utf8'), isGeneratedComment);
    const text = envText(values, comments);
    writeDurably(draft, text);
    checkReadsBack(draft, values);
    const backup = isNew ? undefined : copyExisting(file, now);
    publish(draft, file, isNew);
    return backup;
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${file} cannot be written (${code}): make its folder writable for this user.`, {
      cause,
    });
  } finally {
    rmSync(draft, { force: true });
  }
}
