import { randomUUID } from 'node:crypto';
import type { Jobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';

export const DELIVER_WEBHOOKS = 'webhooks.deliver';

/** Delivers queued events now; call it after the commit. Never rejects: the schedule delivers within seconds anyway. */
export async function deliverWebhooksSoon({ jobs, logger }: { jobs: Jobs; logger: Logger }): Promise<void> {
  try {
    // A new key: a job that runs now may have read the deliveries just before the commit.
    await jobs.enqueue(DELIVER_WEBHOOKS, { key: randomUUID() });
  } catch (error) {
    logger.warn({ err: error }, 'Enqueuing webhook delivery failed: events wait for the next scheduled delivery');
  }
}
