import type { JobDefinition } from './jobs/jobs.js';
import { trimCompletionsJob } from './jobs/trim-completions.js';
import type { Runtime } from './runtime.js';

/** The background work of the installation itself, that belongs to no subgraph. Every worker does it. */
export function operationsJobs({ operations, now }: Runtime): JobDefinition<never>[] {
  return [trimCompletionsJob(operations, now)];
}
