import { expect, it } from '@jest/globals';
import { folderProblem } from './back-up.js';

const failed = (code: string) => Object.assign(new Error(`${code}: it did not work, write`), { code });

it('names a full folder with advice', () => {
  const error = failed('ENOSPC');
  expect(folderProblem('/backups', error)).toMatchObject({
    code: 'CONFIGURATION',
    message:
      'The backup folder /backups is full: make room there, or set BACKUP_DIR to a folder on a larger disk (ENOSPC).',
    cause: error,
  });
});

it('returns every other error unchanged', () => {
  const error = failed('57P01');
  expect(folderProblem('/backups', error)).toBe(error);
});
