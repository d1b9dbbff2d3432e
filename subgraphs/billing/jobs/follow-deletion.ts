import type { DataSource } from 'typeorm';
import { followDeletion, followDeletions } from '#billing/services/follow-deletion.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import { FOLLOW_DELETION } from '#kit/follow-deletion-job.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { type OfOrganization, parseOrganization } from './update-contact.js';

/** Follows the deletion of an organization when it is requested or cancelled, and all of them every ten minutes. */
export function deletionJobs(services: Services, database: DataSource): JobDefinition<never>[] {
  const context = { services, database };
  const follow: JobDefinition<OfOrganization> = {
    name: FOLLOW_DELETION,
    parse: parseOrganization,
    run: async (of) => {
      if (canSell(services)) await followDeletion(context, of);
    },
  };
  const followAll: JobDefinition = {
    name: 'billing.follow-deletions',
    schedule: '10 minutes',
    run: async () => {
      if (canSell(services)) await followDeletions(context);
    },
  };
  return [follow, followAll];
}
