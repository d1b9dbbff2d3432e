import { IsNull, Not } from 'typeorm';
import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { sendOverage } from '#billing/usage/meters/send-overage.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { changeSubscription, commandKey, type LiveSubscription, requireLive } from './change-subscription.js';
import { cancelAtPeriodEnd } from './steps.js';
import { withdrawUnpaidChange } from './unpaid-change.js';

const ACTION = 'subscription.cancelled';

async function keepCancelled({ database, identity }: Context, { organizationId, id, cancelAt }: LiveSubscription) {
  await database.transaction(async (manager) => {
    const which = { organizationId, cancelledForDeletion: Not(IsNull()) };
    const { affected } = await manager.update(SubscriptionEntity, which, { cancelledForDeletion: null });
    if (!affected) return;
    const target = { type: 'OrganizationSubscription', id };
    const after = { cancelAt: cancelAt?.toISOString() ?? null };
    await recordAudit(manager, identity, { organizationId, action: ACTION, target, after });
  });
}

/**
 * Cancels the subscription at the end of the period, or at once without a refund: what was used beyond the plan is invoiced. Throws Conflict
 * without a subscription, and as askStripe does.
 */
export function cancelSubscription(context: Context, { atPeriodEnd }: { atPeriodEnd: boolean }): Promise<Subscription> {
  return changeSubscription(context, {
    action: ACTION,
    decide: async (stripe, before) => {
      const live = requireLive(before);
      // Nothing was paid for yet: there is no period to wait for.
      if (atPeriodEnd && live.status !== 'incomplete') {
        if (live.cancelAt) {
          // It stays cancelled, also when the deletion of the organization is taken back.
          if (live.cancelledForDeletion) await keepCancelled(context, live);
          return null;
        }
        return {
          after: { cancelAt: live.periodEnd?.toISOString() ?? null },
          wanted: { isEnding: true },
          carryOut: async () => {
            await withdrawUnpaidChange(stripe, live);
            await cancelAtPeriodEnd(context, stripe, live);
          },
        };
      }
      return {
        after: { status: 'canceled' },
        wanted: { isOver: true },
        carryOut: async () => {
          await withdrawUnpaidChange(stripe, live);
          const isMetered = live.meteredItemId !== null;
          if (isMetered) await sendOverage(context, { organizationId: live.organizationId });
          await stripe.subscriptions.cancel(
            live.stripeSubscriptionId,
            { prorate: false, ...(isMetered && { invoice_now: true }) },
            { idempotencyKey: commandKey(context, 'cancel at once', before) },
          );
        },
      };
    },
  });
}
