import type { JobDefinition } from './jobs/jobs.js';
import { trimCompletionsJob } from './jobs/trim-completions.js';
import { mailJobs } from './mail/mail-jobs.js';
import type { Runtime } from './runtime.js';

/** The background work of the installation itself, that belongs to no subgraph. Every worker does it. */
export function operationsJobs(runtime: Runtime): JobDefinition<never>[] {
  return [trimCompletionsJob(runtime.operations, runtime.now), ...mailJobs(runtime)];
}
