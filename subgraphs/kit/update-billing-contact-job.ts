import { randomUUID } from 'node:crypto';
import type { Services } from '#runtime/services.js';

/** The job that has invoices mailed to who owns the organization now. */
export const UPDATE_BILLING_CONTACT = 'billing.update-contact';

/**
 * Queues that job; call it after the commit of a change of owners, or of an owner's address. Never rejects: the next purchase updates the
 * address, too.
 */
export async function updateBillingContactSoon(
  { jobs, logger }: Pick<Services, 'jobs' | 'logger'>,
  { organizationId }: { organizationId: string },
): Promise<void> {
  try {
    // A new key: a job that runs now may have read what was before the commit.
    await jobs.enqueue(UPDATE_BILLING_CONTACT, { key: randomUUID(), organizationId });
  } catch (error) {
    logger.warn({ err: error, organizationId }, 'The new address for invoices could not be queued');
  }
}
