import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import { changeSubscription, commandKey, requireLive } from './change-subscription.js';
import { withdrawUnpaidChange } from './unpaid-change.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_PAUSE_MS = 366 * DAY_MS;

function checkEnd(until: Date, now: Date): void {
  const ms = until.getTime() - now.getTime();
  if (ms >= DAY_MS && ms <= MAX_PAUSE_MS) return;
  throw new InvalidInput([{ argument: 'until', problem: 'must be at least a day and at most a year from now' }]);
}

/**
 * Pauses payments, until an instant or until they are resumed: invoices made meanwhile are void. Throws InvalidInput, and Conflict unless
 * there is a subscription that is paid and goes on.
 */
export async function pauseSubscription(context: Context, { until }: { until?: Date | null }): Promise<Subscription> {
  if (until) checkEnd(until, context.services.now());
  const resumesAt = until ? Math.floor(until.getTime() / 1000) : null;
  return changeSubscription(context, {
    action: 'subscription.paused',
    decide: async (stripe, before) => {
      const live = requireLive(before);
      const { stripeSubscriptionId: id, status, cancelAt, isPaused, pausedUntil } = live;
      if (status !== 'active') throw new Conflict('Only a subscription that is paid can be paused.');
      if (cancelAt) throw new Conflict('It is cancelled: take that back first (resumeSubscription).');
      const pausedUntilSeconds = pausedUntil ? pausedUntil.getTime() / 1000 : null;
      if (isPaused && pausedUntilSeconds === resumesAt) return null;
      const end = until?.toISOString() ?? null;
      return {
        after: { isPaused: true, pausedUntil: end },
        wanted: { isPaused: true, pausedUntil: resumesAt === null ? null : new Date(resumesAt * 1000).toISOString() },
        carryOut: async () => {
          await withdrawUnpaidChange(stripe, live);
          const pause_collection = { behavior: 'void' as const, ...(resumesAt !== null && { resumes_at: resumesAt }) };
          const idempotencyKey = commandKey(context, 'pause', before, resumesAt);
          await stripe.subscriptions.update(id, { pause_collection }, { idempotencyKey });
        },
      };
    },
  });
}
