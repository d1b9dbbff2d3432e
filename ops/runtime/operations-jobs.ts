import type { JobDefinition } from './jobs.js';
import { mailJobs } from './mail/mail-jobs.js';
import type { Runtime } from './runtime.js';

/** The background work that belongs to no subgraph. */
export function operationsJobs(runtime: Runtime): JobDefinition<never>[] {
  return [...mailJobs(runtime)];
}
