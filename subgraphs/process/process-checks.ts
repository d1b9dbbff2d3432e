import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { ReadinessChecks } from '#runtime/health/readiness.js';
import type { Foundation, Runtime } from '#runtime/runtime.js';

/** What every process can do without, though not as fast. */
export function cacheCheck({ cache }: Foundation): ReadinessChecks {
  return { cache: { check: () => cache.checkReady(), isRequired: false } };
}

/**
 * What a process with these subgraphs works with (decision 0017). Requests are answered without the job queue, apart
 * from the few that order work; a process that only does the work is of no use without it.
 */
export function processChecks(
  runtime: Runtime,
  running: RunningSubgraph[],
  { areJobsRequired }: { areJobsRequired: boolean },
): ReadinessChecks {
  return {
    database: { check: () => runtime.operations.query('SELECT 1'), isRequired: true },
    jobs: { check: () => runtime.jobs.checkReady(), isRequired: areJobsRequired },
    ...cacheCheck(runtime),
    ...Object.fromEntries(running.map(({ name, checkReady }) => [name, { check: checkReady, isRequired: true }])),
  };
}
