import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { ReadinessChecks } from '#runtime/health/readiness.js';
import type { BaseServices, Services } from '#runtime/services.js';

/** What every process can do without, though not as fast. */
export function cacheCheck({ cache }: BaseServices): ReadinessChecks {
  return { cache: { check: () => cache.checkReady(), isRequired: false } };
}

/**
 * What a process with these subgraphs works with (decision 0017). Requests are answered without the job queue, apart
 * from the few that order work; a process that only does the work is of no use without it.
 */
export function processChecks(
  services: Services,
  running: RunningSubgraph[],
  { areJobsRequired }: { areJobsRequired: boolean },
): ReadinessChecks {
  return {
    database: { check: () => services.operations.query('SELECT 1'), isRequired: true },
    jobs: { check: () => services.jobs.checkReady(), isRequired: areJobsRequired },
    ...cacheCheck(services),
    ...Object.fromEntries(running.map(({ name, checkReady }) => [name, { check: checkReady, isRequired: true }])),
  };
}
