import type { Logger } from '#runtime/log/logger.js';

const MAX_LINES = 8;

/**
 * Drops info and audit lines, and all but the first warnings and errors, until the returned function is called. The
 * audit trail in the database is not affected.
 */
export function holdRoutineLines(logger: Logger, beforeLine: () => void): () => void {
  const { info, audit, warn, error } = logger;
  const ignore = () => {};
  let lines = 0;
  const limited =
    (write: (...given: never[]) => void) =>
    (...given: never[]) => {
      lines += 1;
      if (lines > MAX_LINES) return;
      beforeLine();
      write.apply(logger, given);
    };
  Object.assign(logger, { info: ignore, audit: ignore, warn: limited(warn), error: limited(error) });
  return () => {
    Object.assign(logger, { info, audit, warn, error });
    if (lines > MAX_LINES) logger.warn({ dropped: lines - MAX_LINES }, 'Further warnings and errors dropped');
  };
}
