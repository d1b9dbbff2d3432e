import { randomUUID } from 'node:crypto';
import type { Jobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';

/** The job that delivers mail. */
export const DELIVER_MAIL = 'mail.deliver';

/**
 * Has queued mail delivered at once: call it after the commit. Never throws: what it cannot bring about
 * now, the schedule does within seconds.
 */
export async function deliverSoon({ jobs, logger }: { jobs: Jobs; logger: Logger }): Promise<void> {
  try {
    // A key of its own: one that is running now may have looked for mail just before this one was committed.
    await jobs.enqueue(DELIVER_MAIL, { key: randomUUID() });
  } catch (error) {
    logger.warn({ err: error }, 'The job queue was not told of a mail: it goes out with the next scheduled delivery');
  }
}
