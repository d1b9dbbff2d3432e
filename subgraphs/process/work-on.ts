import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { auditJobs } from '#ops/audit/audit-jobs.js';
import type { Invariant } from '#ops/backup/invariant.js';
import { backupJobs } from '#ops/backup/jobs/backup-jobs.js';
import { operationsJobs } from '#runtime/operations-jobs.js';
import type { Services } from '#runtime/services.js';
import { subgraphs } from '#subgraphs/index.js';

const DRAIN_TIMEOUT_MS = 15_000;

/** Returns the invariants of all subgraphs, also of those that run elsewhere: a backup has the rows of them all. */
export async function findInvariants(): Promise<Invariant[]> {
  const all: Invariant[] = [];
  for (const load of Object.values(subgraphs)) all.push(...(await load()).invariants);
  return all;
}

/**
 * Runs the jobs of these subgraphs and of the installation in this process until the lifecycle closes, which lets running
 * ones finish.
 */
export async function workOn(services: Services, running: RunningSubgraph[]): Promise<void> {
  const { jobs, lifecycle } = services;
  await jobs.work([
    ...operationsJobs(services),
    ...backupJobs(services, findInvariants),
    ...auditJobs(services),
    ...running.flatMap((subgraph) => subgraph.jobs),
  ]);
  lifecycle.onDrain('jobs', () => jobs.running());
  // Registered after the databases and hence closed before them: running jobs need theirs.
  lifecycle.onClose('Running jobs', () => jobs.drain(DRAIN_TIMEOUT_MS));
}
