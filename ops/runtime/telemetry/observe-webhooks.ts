import { Gauge, Histogram } from 'prom-client';
import { registry, WAITING_BUCKETS } from './registry.js';

export type WebhookOutcome = 'delivered' | 'refused' | 'unreachable';

const attempts = new Histogram({
  name: 'webmetrics_webhook_attempt_duration_seconds',
  help: 'Requests to webhook endpoints: delivered, refused (another status than 2xx), or unreachable (no answer).',
  labelNames: ['outcome'],
  buckets: WAITING_BUCKETS,
  registers: [registry],
});

/** Counts a request to a webhook endpoint, its outcome and its duration. */
export function observeWebhookAttempt(outcome: WebhookOutcome, seconds: number): void {
  attempts.observe({ outcome }, seconds);
}

let oldestDueSince: Date | undefined;

/** Records since when the oldest webhook delivery that could be sent is due; undefined = none is. */
export function observeOldestWebhook(since: Date | undefined): void {
  oldestDueSince = since;
}

new Gauge({
  name: 'webmetrics_webhook_oldest_due_seconds',
  help: 'How long the oldest due webhook delivery waited when this process last looked; 0 when none did.',
  registers: [registry],
  collect() {
    const waitedMs = oldestDueSince ? Date.now() - oldestDueSince.getTime() : 0;
    this.set(Math.max(0, waitedMs / 1_000));
  },
});
