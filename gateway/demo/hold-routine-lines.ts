import type { Logger } from '#runtime/log/logger.js';

/**
 * Drops info and audit lines until the returned function is called; warnings and errors are written, after
 * `beforeLine`. Audit events themselves are recorded in the database as ever.
 */
export function holdRoutineLines(logger: Logger, beforeLine: () => void): () => void {
  const { info, audit, warn, error } = logger;
  const ignore = () => {};
  const after =
    (write: (...given: never[]) => void) =>
    (...given: never[]) => {
      beforeLine();
      write.apply(logger, given);
    };
  Object.assign(logger, { info: ignore, audit: ignore, warn: after(warn), error: after(error) });
  return () => void Object.assign(logger, { info, audit, warn, error });
}
