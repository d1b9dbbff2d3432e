import { AppError } from '#runtime/errors.js';

const ADVICE: Record<string, string> = {
  ENOSPC: 'is full: make room there, or set BACKUP_DIR to a folder on a larger disk',
  EDQUOT: 'has used up its quota: make room there, or set BACKUP_DIR to another folder',
  EROFS: 'is on a disk that can only be read: set BACKUP_DIR to a folder that can be written',
  EACCES: 'cannot be written: let this user write there, or set BACKUP_DIR to another folder',
};

/** Returns an error that says which folder a backup could not be written to and what to do; any other error as it is. */
export function folderProblem(folder: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const advice = ADVICE[code];
  if (!advice) return error;
  return new AppError(`The backup folder ${folder} ${advice} (${code}).`, 'CONFIGURATION', { cause: error });
}
