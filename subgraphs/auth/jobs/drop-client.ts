import { type JobDependencies, jobContext } from '#auth/context.js';
import { dropClient } from '#auth/services/member/drop-client.js';
import { DROP_CLIENT, type DroppedClient } from '#kit/drop-client-job.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Takes a deleted client out of the limits of members and invitations. */
export function dropClientJob(dependencies: JobDependencies): JobDefinition<DroppedClient> {
  return {
    name: DROP_CLIENT,
    run: ({ key: clientId, organizationId }) => dropClient(jobContext(dependencies), { organizationId, clientId }),
  };
}
