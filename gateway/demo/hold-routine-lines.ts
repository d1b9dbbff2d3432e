import type { Logger } from '#runtime/log/logger.js';

/** More warnings and errors than this say the same again. */
const MAX_LINES = 8;

/**
 * Drops info and audit lines until the returned function is called, which reports how many warnings and errors beyond the
 * first few were dropped with them. Calls `beforeLine` before it writes one. Audit events themselves are recorded in the
 * database as ever.
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
