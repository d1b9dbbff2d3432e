import { trimIdempotencyKeysJob } from './idempotency/idempotency-keys.js';
import { trimCompletionsJob } from './jobs/completion.js';
import type { JobDefinition } from './jobs/jobs.js';
import { mailJobs } from './mail/mail-jobs.js';
import type { Services } from './services.js';

/** Returns the jobs of the installation itself, which belong to no subgraph. Every worker runs them. */
export function operationsJobs(services: Services): JobDefinition<never>[] {
  const { operations, now } = services;
  return [trimCompletionsJob(operations, now), trimIdempotencyKeysJob(operations, now), ...mailJobs(services)];
}
