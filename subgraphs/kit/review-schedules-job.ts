import { randomUUID } from 'node:crypto';
import type { Services } from '#runtime/services.js';

/** The job that follows what changed for the report schedules of an organization: its time zone, members, clients, templates. */
export const REVIEW_SCHEDULES = 'reporting.review-schedules';

/** Queues that job; call it after the commit of the change. Never rejects: schedules are reviewed every hour, and before each run. */
export async function reviewSchedulesSoon(
  { jobs, logger }: Pick<Services, 'jobs' | 'logger'>,
  { organizationId }: { organizationId: string },
): Promise<void> {
  try {
    // A new key: a job that runs now may have read what was before the commit.
    await jobs.enqueue(REVIEW_SCHEDULES, { key: randomUUID(), organizationId });
  } catch (error) {
    logger.warn({ err: error, organizationId }, 'The review of report schedules could not be queued');
  }
}
