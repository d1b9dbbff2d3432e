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

/** Returns a readiness that also waits for the demo. */
export function readyWhenPrepared(readiness: Readiness, isPreparing: () => boolean): Readiness {
  return {
    isReady: () => !isPreparing() && readiness.isReady(),
    report: () => {
      const report = readiness.report();
      return isPreparing() ? { status: 'not ready', checks: { ...report.checks, demo: 'pending' } } : report;
    },
  };
}

/** Starts the readiness checks of the gateway. */
export async function openGatewayReadiness(
  base: BaseServices,
  { services, local, probes }: Federation,
  isPreparing: () => boolean = () => false,
): Promise<Readiness> {
  const checks = {
    // Without it the gateway does not start.
    supergraph: { check: async () => {}, isRequired: true },
    ...(services ? processChecks(services, local, { areJobsRequired: false }) : cacheCheck(base)),
    ...remoteChecks(probes),
  };
  const { logger, lifecycle } = base;
  return readyWhenPrepared(await openReadiness({ checks, logger, lifecycle }), isPreparing);
}
