import { openReadiness, type Readiness, type ReadinessChecks } from '#runtime/health/readiness.js';
import type { BaseServices } from '#runtime/services.js';
import { cacheCheck, processChecks } from '#subgraphs/process/process-checks.js';
import type { Federation } from './open-federation.js';
import type { SubgraphProbe } from './subgraph-probes.js';

/** Only auth is required: without another subgraph, answers are partial (decision 0017). */
function remoteChecks(probes: Map<string, SubgraphProbe>): ReadinessChecks {
  const remote = [...probes].filter(([, { transport }]) => transport === 'http');
  return Object.fromEntries(
    remote.map(([name, { checkReady }]) => [name, { check: checkReady, isRequired: name === 'auth' }]),
  );
}

/** What is prepared before a gateway is ready, and whether it still is; undefined = there is nothing to prepare. */
export type Preparations = Record<string, (() => boolean) | undefined>;

/** Returns a readiness that also waits for what is prepared. */
export function readyWhenPrepared(readiness: Readiness, preparations: Preparations): Readiness {
  const pending = () => Object.keys(preparations).filter((name) => preparations[name]?.());
  return {
    isReady: () => pending().length === 0 && readiness.isReady(),
    failures: () => readiness.failures(),
    report: () => {
      const report = readiness.report();
      const names = pending();
      if (names.length === 0) return report;
      const checks = { ...report.checks, ...Object.fromEntries(names.map((name) => [name, 'pending' as const])) };
      return { status: 'not ready', checks };
    },
  };
}

/** Starts the readiness checks of the gateway. */
export async function openGatewayReadiness(
  base: BaseServices,
  { services, local, probes }: Federation,
  preparations: Preparations = {},
): Promise<Readiness> {
  const checks = {
    // Without it the gateway does not start.
    supergraph: { check: async () => {}, isRequired: true },
    ...(services ? processChecks(services, local, { areJobsRequired: false }) : cacheCheck(base)),
    ...remoteChecks(probes),
  };
  const { logger, lifecycle } = base;
  return readyWhenPrepared(await openReadiness({ checks, logger, lifecycle }), preparations);
}
