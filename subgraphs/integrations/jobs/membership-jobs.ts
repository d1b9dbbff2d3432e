import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { endMembership } from '#integrations/services/views/end-membership.js';
import { END_MEMBERSHIP, type EndedMembership } from '#kit/end-membership-job.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Deletes the private views of a person who has left an organization. */
export function endMembershipJob(dependencies: Dependencies): JobDefinition<EndedMembership> {
  return {
    name: END_MEMBERSHIP,
    run: ({ organizationId, userId }) =>
      endMembership(createJobContext(dependencies, organizationId), { organizationId, userId }),
  };
}
