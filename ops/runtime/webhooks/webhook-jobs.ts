import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { AddressGuard } from './address-guard.js';
import { DELIVER_WEBHOOKS } from './deliver-soon.js';
import { trimWebhookEvents } from './outbox.js';
import { type DisableEndpoint, WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookSender } from './webhook-sender.js';

/** Shorter than the lifecycle waits, longer than most answers take. */
const CLOSE_TIMEOUT_MS = 8_000;

/**
 * Returns the jobs that deliver webhooks and trim their log, for processes with the key to their secrets. The lifecycle of the
 * services ends what they send.
 */
export function webhookJobs(services: Services, disableEndpoint: DisableEndpoint): JobDefinition<never>[] {
  const { operations, config, lifecycle, now } = services;
  const sender = new WebhookSender(new AddressGuard(config.webhookNetworks));
  const dispatcher = new WebhookDispatcher({ ...services, sender, disableEndpoint });
  lifecycle.onClose('Webhooks', async () => {
    await dispatcher.close(CLOSE_TIMEOUT_MS);
    await sender.close();
    // What was cut off ends, while the database is open.
    await dispatcher.idle();
  });
  const deliver: JobDefinition = {
    name: DELIVER_WEBHOOKS,
    // For retries, and events whose job could not be enqueued.
    schedule: '10 seconds',
    concurrency: 1,
    run: () => dispatcher.dispatch(),
  };
  const trim: JobDefinition = {
    name: 'webhooks.trim',
    schedule: '35 4 * * *',
    run: () => trimWebhookEvents(operations, { now: now() }),
  };
  return [deliver, trim];
}
