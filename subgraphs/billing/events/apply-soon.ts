import { randomUUID } from 'node:crypto';
import type { Services } from '#runtime/services.js';

export const APPLY_STRIPE_EVENTS = 'billing.apply-stripe-events';

/** Events come in groups: one job applies those of this while. */
const DELAY_MS = 100;

const waiting = new WeakSet<Services['jobs']>();

/** Has stored events applied shortly, with one job for all that arrive meanwhile. Never rejects: the schedule applies them, too. */
export function applySoon({ jobs, logger }: Pick<Services, 'jobs' | 'logger'>): void {
  if (waiting.has(jobs)) return;
  waiting.add(jobs);
  const enqueue = async () => {
    waiting.delete(jobs);
    // A new key: a job that runs now may have looked just before.
    await jobs.enqueue(APPLY_STRIPE_EVENTS, { key: randomUUID() });
  };
  setTimeout(() => {
    enqueue().catch((error) => logger.warn({ err: error }, 'Enqueuing events of Stripe failed: they wait'));
  }, DELAY_MS).unref();
}
