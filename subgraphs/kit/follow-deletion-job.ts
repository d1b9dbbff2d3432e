import type { Services } from '#runtime/services.js';

/** The job that stops charging an organization that is being deleted, and resumes what it stopped when the deletion is cancelled. */
export const FOLLOW_DELETION = 'billing.follow-deletion';

interface Deletion {
  organizationId: string;
  /** null = it was cancelled. */
  deletionAt: Date | null;
}

/**
 * Queues that job; call it after the commit of a deletion that was requested or cancelled, and again until the organization is closed:
 * once for each. Never rejects.
 */
export async function followDeletionSoon(
  { jobs, logger }: Pick<Services, 'jobs' | 'logger'>,
  { organizationId, deletionAt }: Deletion,
): Promise<void> {
  try {
    const key = `${organizationId} ${deletionAt?.toISOString()}`;
    // One that was cancelled is followed every ten minutes, too.
    const once = deletionAt ? { idempotencyKey: key } : {};
    await jobs.enqueue(FOLLOW_DELETION, { key, organizationId }, once);
  } catch (error) {
    logger.warn(
      { err: error, organizationId },
      'That an organization is being deleted could not be queued for billing',
    );
  }
}
