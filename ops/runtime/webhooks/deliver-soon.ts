import { randomUUID } from 'node:crypto';
import type { Services } from '#runtime/services.js';

/** The job that delivers what is due. */
export const DELIVER_WEBHOOKS = 'webhooks.deliver';

/** Delivers queued events now; call it after the commit. Never rejects: the schedule delivers within seconds anyway. */
export async function deliverWebhooksSoon({
  operations,
  jobs,
  logger,
}: Pick<Services, 'operations' | 'jobs' | 'logger'>): Promise<void> {
  try {
    // Most events have no endpoint.
    const pending = await operations.query<unknown[]>(
      `SELECT FROM operations.webhook_delivery WHERE state = 'PENDING' LIMIT 1`,
    );
    if (pending.length === 0) return;
    // A new key: a job that runs now may have read the deliveries just before the commit.
    await jobs.enqueue(DELIVER_WEBHOOKS, { key: randomUUID() });
  } catch (error) {
    logger.warn({ err: error }, 'Enqueuing webhook delivery failed: events wait for the next scheduled delivery');
  }
}
