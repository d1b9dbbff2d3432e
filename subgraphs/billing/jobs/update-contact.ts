import type { DataSource } from 'typeorm';
import { updateContact } from '#billing/services/update-contact.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import { UPDATE_BILLING_CONTACT } from '#kit/update-billing-contact-job.js';
import { isRowId } from '#runtime/database/database.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** The data of a job about one organization. */
export interface OfOrganization {
  organizationId: string;
}

/** Returns the data of a job about one organization. Throws for others. */
export function parseOrganization(data: unknown): OfOrganization {
  const { organizationId } = data as Partial<OfOrganization>;
  if (!isRowId(organizationId)) throw new Error('organizationId is not the id of an organization');
  return { organizationId };
}

/** Has invoices mailed to who owns the organization now. */
export function updateContactJob(services: Services, database: DataSource): JobDefinition<OfOrganization> {
  return {
    name: UPDATE_BILLING_CONTACT,
    parse: parseOrganization,
    run: async ({ organizationId }) => {
      if (canSell(services)) await updateContact({ services, database }, { organizationId });
    },
  };
}
