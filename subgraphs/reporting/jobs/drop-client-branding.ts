import { z } from 'zod';
import { DROP_CLIENT_BRANDING, type DroppedClient } from '#kit/drop-client-job.js';
import { dropClientBranding } from '#reporting/branding/remove-branding.js';
import { type JobDependencies, jobContext } from '#reporting/context.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const data = z.object({ key: z.uuid(), organizationId: z.uuid() });

/** Takes away the branding of a client that was deleted. */
export function dropClientBrandingJob(dependencies: JobDependencies): JobDefinition<DroppedClient> {
  return {
    name: DROP_CLIENT_BRANDING,
    parse: (given) => data.parse(given),
    run: ({ key, organizationId }) => dropClientBranding(jobContext(dependencies), { organizationId, clientId: key }),
  };
}
