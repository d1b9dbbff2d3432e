import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import { type InstallationStatus, readInstallationStatus } from '#runtime/health/installation-status.js';
import { readParts } from '#runtime/health/read-parts.js';
import type { Services } from '#runtime/services.js';

/** What a subgraph tells operators, by way of the gateway. */
export interface SubgraphReport {
  /** What only it knows; null = it could not be read. */
  own: Record<string, unknown> | null;
  /** What its process knows of the whole installation. */
  installation: InstallationStatus;
}

export type ReadSubgraphReport = (subgraph: RunningSubgraph) => Promise<SubgraphReport>;

const MEMORY_MS = 1_000;

/** Returns how to ask the subgraphs of this process. What they have in common is read at most once a second. */
export function createSubgraphReports(services: Services): ReadSubgraphReport {
  const installation = rememberBriefly(() => readInstallationStatus(services), MEMORY_MS);
  return async (subgraph) => {
    const [{ own }, common] = await Promise.all([readParts({ own: () => subgraph.status() }), installation()]);
    return { own, installation: common };
  };
}
