import { readEnvironment } from '#runtime/config/config.js';
import { AppError } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith } from './command-line.js';

const OUTCOME = 'WebMetrics cannot start.';

/** Whether the log is read by programs only: in production, outside a terminal. */
function isUnattended(): boolean {
  try {
    return readEnvironment().NODE_ENV === 'production' && !process.stdout.isTTY;
  } catch {
    // The settings file cannot be read, which is what is to be said.
    return false;
  }
}

/**
 * Ends a server that could not start, with status 1: in production one line of the log with the error and its causes, else a text.
 * `name` is the program's in the log; undefined = the gateway.
 */
export function failStart(error: unknown, name?: string): never {
  if (!isUnattended()) exitWith(error, OUTCOME);
  const message = error instanceof AppError ? `${OUTCOME} ${error.message}` : OUTCOME;
  createLogger({ level: 'error', name, isPretty: false }).error({ err: error, fatal: true }, message);
  process.exit(1);
}
