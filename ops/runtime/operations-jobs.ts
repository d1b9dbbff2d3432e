import type { JobDefinition } from './jobs/jobs.js';
import { trimCompletionsJob } from './jobs/trim-completions.js';
import { mailJobs } from './mail/mail-jobs.js';
import type { Services } from './services.js';

/** The background work of the installation itself, that belongs to no subgraph. Every worker does it. */
export function operationsJobs(services: Services): JobDefinition<never>[] {
  return [trimCompletionsJob(services.operations, services.now), ...mailJobs(services)];
}
