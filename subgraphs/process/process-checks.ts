import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { pingDatabase } from '#runtime/database/check-database.js';
import { openReadiness, type Readiness, type ReadinessChecks } from '#runtime/health/readiness.js';
import type { BaseServices, Services } from '#runtime/services.js';

/** The check of the cache, without which a process is only slower. */
export function cacheCheck({ cache }: BaseServices): ReadinessChecks {
  return { cache: { check: () => cache.checkReady(), isRequired: false } };
}

/**
 * The readiness checks of a process with these subgraphs (decision 0017). Only a worker requires the job queue: requests
 * hardly need it.
 */
export function processChecks(
  services: Services,
  running: RunningSubgraph[],
  { areJobsRequired }: { areJobsRequired: boolean },
): ReadinessChecks {
  return {
    database: { check: () => pingDatabase(services.operations), isRequired: true },
    jobs: { check: () => services.jobs.checkReady(), isRequired: areJobsRequired },
    ...cacheCheck(services),
    ...Object.fromEntries(running.map(({ name, checkReady }) => [name, { check: checkReady, isRequired: true }])),
  };
}

/** Starts the readiness checks of a process with these subgraphs, and no gateway. */
export function openProcessReadiness(
  services: Services,
  running: RunningSubgraph[],
  options: { areJobsRequired: boolean },
): Promise<Readiness> {
  const { logger, lifecycle } = services;
  return openReadiness({ checks: processChecks(services, running, options), logger, lifecycle });
}
