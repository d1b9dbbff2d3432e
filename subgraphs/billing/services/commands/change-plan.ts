import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { chooseFree } from '#billing/services/choose-free.js';
import { planItemsOf } from '#billing/stripe/catalogue.js';
import { idOf } from '#billing/stripe/id-of.js';
import type { Wanted } from '#billing/sync/pending-commands.js';
import {
  changeSubscription,
  commandKey,
  isLive,
  type LiveSubscription,
  requireKept,
  type Step,
} from './change-subscription.js';
import { type PlanChange, planChangeOf, type Target, targetOf, type WantedPlan } from './plan-change.js';
import { parametersOf, previewCharge, prorationDateOf } from './plan-change-requests.js';
import { type PreviewClaims, readPreview, requireAsPreviewed } from './plan-change-token.js';
import { requirePaid } from './require-paid.js';
import { cancelAtPeriodEnd, releaseSchedule, takeBackCancellation } from './steps.js';
import { findUnpaidChange, withdrawUnpaidChange } from './unpaid-change.js';

async function changeAtOnce(
  context: Context,
  stripe: Stripe,
  {
    live,
    isCharged,
    target,
    preview,
  }: {
    live: LiveSubscription;
    isCharged: boolean;
    target: Target;
    preview: PreviewClaims | undefined;
  },
): Promise<void> {
  const prorationDate = isCharged ? (preview?.prorationDate ?? prorationDateOf(context, live)) : null;
  const parameters = await parametersOf(context, live, { target, prorationDate });
  const unpaid = await findUnpaidChange(stripe, live);
  if (unpaid) {
    const isSame = unpaid.priceId === parameters.items[0]?.price;
    if (isSame && (preview?.amountDue ?? unpaid.amountDue) === unpaid.amountDue) {
      return requirePaid(stripe, unpaid.invoiceId);
    }
    await withdrawUnpaidChange(stripe, live);
  }
  if (preview && isCharged) {
    const { amount_due: amountDue, currency } = await previewCharge(stripe, live, parameters);
    requireAsPreviewed(preview, { amountDue, currency: currency.toUpperCase() });
  }
  const { plan, interval } = target;
  const idempotencyKey = commandKey(context, 'change plan', live, plan.id, interval, preview?.prorationDate);
  const changed = await stripe.subscriptions.update(
    live.stripeSubscriptionId,
    // What is not paid does not happen.
    { ...parameters, ...(isCharged && { payment_behavior: 'pending_if_incomplete' }) },
    { idempotencyKey },
  );
  if (changed.pending_update) await requirePaid(stripe, changed.latest_invoice);
}

/** Has the plan change with the period, by a schedule that ends then. */
export async function changeAtPeriodEnd(
  context: Context,
  stripe: Stripe,
  { live, target }: { live: LiveSubscription; target: Target },
): Promise<void> {
  const { plan, interval } = target;
  const wanted = { planId: plan.id, interval: interval ?? 'MONTH', currency: live.currency ?? '' } as const;
  const items = await planItemsOf(context.services, wanted);
  const schedule = live.scheduleId
    ? await stripe.subscriptionSchedules.retrieve(live.scheduleId)
    : await stripe.subscriptionSchedules.create(
        { from_subscription: live.stripeSubscriptionId },
        { idempotencyKey: commandKey(context, 'schedule', live) },
      );
  // As Stripe has it: what was read before may have changed.
  const now = schedule.current_phase?.start_date;
  const current = schedule.phases.find(({ start_date }) => start_date === now) ?? schedule.phases[0];
  if (!current) throw new Error(`The schedule ${schedule.id} has no phase.`);
  const discounts = current.discounts.flatMap(({ discount }) => (discount ? [{ discount: idOf(discount) }] : []));
  const kept = discounts.length > 0 ? { discounts } : {};
  await stripe.subscriptionSchedules.update(
    schedule.id,
    {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        {
          items: current.items.map((item) => ({ price: idOf(item.price), quantity: item.quantity })),
          start_date: current.start_date,
          end_date: current.end_date,
          ...kept,
        },
        {
          items,
          duration: { interval: interval === 'YEAR' ? 'year' : 'month', interval_count: 1 },
          proration_behavior: 'none',
          ...kept,
        },
      ],
    },
    { idempotencyKey: commandKey(context, 'schedule plan', live, plan.id, interval) },
  );
}

async function carryOut(
  context: Context,
  stripe: Stripe,
  { change, target, preview }: { change: PlanChange; target: Target; preview: PreviewClaims | undefined },
): Promise<void> {
  if (change.kind === 'AT_ONCE') return changeAtOnce(context, stripe, { ...change, target, preview });
  if (change.kind !== 'NONE' && 'live' in change) await withdrawUnpaidChange(stripe, change.live);
  if (change.kind === 'CANCEL') await cancelAtPeriodEnd(context, stripe, change.live);
  if (change.kind === 'AT_PERIOD_END') await changeAtPeriodEnd(context, stripe, { ...change, target });
  if (change.kind === 'KEEP') {
    await releaseSchedule(context, stripe, change.live);
    await takeBackCancellation(context, stripe, change.live);
  }
}

/** Returns by what a later reading shows that a change has taken effect. */
function wantedOf({ kind }: PlanChange, { plan, interval }: Target): Wanted {
  const wanted = { planId: plan.id, interval };
  if (kind === 'CANCEL') return { isEnding: true };
  if (kind === 'AT_PERIOD_END') return { pendingPlan: wanted };
  if (kind === 'KEEP') return { pendingPlan: null, isEnding: false };
  return { plan: wanted };
}

/** Returns how an unpaid change to another plan is withdrawn, where the present one is wanted; null = there is none. */
async function withdrawal(stripe: Stripe, before: Subscription, after: Step['after']): Promise<Step | null> {
  const unpaid = isLive(before) ? await findUnpaidChange(stripe, before) : null;
  if (!unpaid || !isLive(before)) return null;
  return { after, wanted: { voidInvoiceId: unpaid.invoiceId }, carryOut: () => withdrawUnpaidChange(stripe, before) };
}

/**
 * Changes the plan or the interval: more at once and paid, less at the end of the period. With a preview it charges exactly what that said.
 * Throws InvalidInput, Conflict where something else comes first or has changed since the preview, PaymentFailed and
 * PaymentActionRequired when it is not paid, and as askStripe does.
 */
export function changePlan(
  context: Context,
  { previewId, ...wanted }: WantedPlan & { previewId?: string | null },
): Promise<Subscription> {
  const action = 'subscription.plan-changed';
  return changeSubscription(context, {
    action,
    decide: async (stripe, before) => {
      requireKept(before);
      const { organizationId } = before;
      const target = targetOf(before, wanted);
      const change = planChangeOf(before, target);
      const after = { planId: target.plan.id, interval: target.interval };
      if (change.kind === 'NONE') return withdrawal(stripe, before, after);
      const preview =
        previewId === null || previewId === undefined
          ? undefined
          : await readPreview(context, previewId, { organizationId, target, kind: change.kind });
      if (change.kind === 'CHOOSE_FREE') {
        await chooseFree(context, { organizationId, action });
        return null;
      }
      return {
        after: { ...after, isAtPeriodEnd: change.kind === 'AT_PERIOD_END' },
        wanted: wantedOf(change, target),
        carryOut: () => carryOut(context, stripe, { change, target, preview }),
      };
    },
  });
}
