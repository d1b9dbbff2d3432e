import { randomUUID } from 'node:crypto';
import type { Jobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';

export const DELIVER_MAIL = 'mail.deliver';

/** Delivers queued mail now; call it after the commit. Never rejects: the schedule delivers within seconds anyway. */
export async function deliverSoon({ jobs, logger }: { jobs: Jobs; logger: Logger }): Promise<void> {
  try {
    // A new key: a job that runs now may have read the outbox just before the commit.
    await jobs.enqueue(DELIVER_MAIL, { key: randomUUID() });
  } catch (error) {
    logger.warn({ err: error }, 'Enqueuing mail delivery failed: the mail waits for the next scheduled delivery');
  }
}
