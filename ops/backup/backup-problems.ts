import { AppError } from '#runtime/errors.js';

/** The file is damaged or incomplete. */
export class DamagedBackup extends AppError {
  constructor(problem: string, cause?: unknown) {
    super(`The backup cannot be used: ${problem}.`, 'BAD_USER_INPUT', { cause });
  }
}

/** The backup is sound but not usable here; the message says what to do. */
export class UnusableBackup extends AppError {
  constructor(message: string, cause?: unknown) {
    super(message, 'BAD_USER_INPUT', { cause });
  }
}
