import { type JobDependencies, jobContext } from '#auth/context.js';
import { disableFailingEndpoint } from '#auth/services/webhook/disable-failing-endpoint.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { webhookJobs } from '#runtime/webhooks/webhook-jobs.js';

/** Deliver webhooks: jobs of auth, which has the key to their secrets and the addresses of administrators. */
export function deliverWebhooksJobs(dependencies: JobDependencies): JobDefinition<never>[] {
  return webhookJobs(dependencies.services, (endpoint, reason) =>
    disableFailingEndpoint(jobContext(dependencies), { endpoint, reason }),
  );
}
