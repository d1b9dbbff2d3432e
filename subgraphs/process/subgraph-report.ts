import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import { type InstallationStatus, readInstallationStatus } from '#runtime/health/installation-status.js';
import { readParts } from '#runtime/health/read-parts.js';
import type { Services } from '#runtime/services.js';

/** A subgraph's part of the status that the gateway shows operators. */
export interface SubgraphReport {
  /** Its own status; null = it could not be read. */
  own: Record<string, unknown> | null;
  installation: InstallationStatus;
}

export type ReadSubgraphReport = (subgraph: RunningSubgraph) => Promise<SubgraphReport>;

const MEMORY_MS = 1_000;

/** Returns a function that reads the reports of this process, their shared part at most once a second. */
export function createSubgraphReports(services: Services): ReadSubgraphReport {
  const installation = rememberBriefly(() => readInstallationStatus(services), MEMORY_MS);
  return async (subgraph) => {
    const [{ own }, common] = await Promise.all([readParts({ own: () => subgraph.status() }), installation()]);
    return { own, installation: common };
  };
}
