import type { JobRun } from '#runtime/jobs/jobs.js';

/** What a handler is told when a test runs it without a queue: nothing is remembered of such a run. */
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
