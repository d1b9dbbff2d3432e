import type { JobRun } from '#runtime/jobs/jobs.js';

/** The run for a handler called without a queue; its completion is not recorded. */
export function testJobRun(): JobRun {
  return {
    signal: new AbortController().signal,
    attempt: 1,
    reportProgress: async () => {},
    once: async (database, effect) => {
      await database.transaction(effect);
      return true;
    },
  };
}
