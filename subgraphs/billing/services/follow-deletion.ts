import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import { type Context, createContext } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { isInUse } from '#billing/standing/derive-standing.js';
import { askStripe, isStripeAway, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import type { SyncContext } from '#billing/sync/sync-customer.js';
import { findPlan } from '#runtime/entitlements/plans.js';
import { changeAtPeriodEnd } from './commands/change-plan.js';
import { changeSubscription, isLive, type LiveSubscription, type Step } from './commands/change-subscription.js';
import { cancelAtPeriodEnd, takeBackCancellation } from './commands/steps.js';
import { withdrawUnpaidChange } from './commands/unpaid-change.js';
import { resumeDunning, stopDunning } from './stop-dunning.js';

const DELETION = /* GraphQL */ `
  query Deletion {
    organization { deletionAt }
  }
`;

interface Answer {
  organization: { deletionAt: string | null } | null;
}

/** Closes a page at which a plan could still be bought. */
async function closeCheckout(stripe: Stripe, customerId: string): Promise<void> {
  const open = await nullIfMissing(stripe.checkout.sessions.list({ customer: customerId, status: 'open', limit: 10 }));
  for (const { id } of open?.data ?? []) {
    await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: stripeKeyOf('expire checkout', id) });
  }
}

const change = (context: Context, organizationId: string, values: Partial<Subscription>) =>
  context.database.manager.update(SubscriptionEntity, { organizationId }, values);

/** Cancels a subscription at the end of its period, and remembers what was pending. */
function stop(context: Context, stripe: Stripe, before: Subscription): Step | null {
  if (!isLive(before) || !isInUse(before.status) || before.cancelAt) return null;
  const { organizationId, periodEnd, pendingPlanId, pendingInterval, cancelledForDeletion } = before;
  return {
    after: { cancelAt: periodEnd?.toISOString() ?? null, reason: 'ORGANIZATION_DELETED' },
    wanted: { isEnding: true },
    carryOut: async () => {
      await withdrawUnpaidChange(stripe, before);
      // It may have been renewed at Stripe meanwhile.
      const known = cancelledForDeletion?.pending ?? null;
      const pending = pendingPlanId === null ? known : { planId: pendingPlanId, interval: pendingInterval };
      await change(context, organizationId, { cancelledForDeletion: { pending } });
      await cancelAtPeriodEnd(context, stripe, before);
    },
  };
}

/** Takes back what was stopped, while its period lasts. */
function resume(context: Context, stripe: Stripe, before: Subscription): Step | null {
  const { cancelledForDeletion: stopped, cancelAt, pendingPlanId } = before;
  if (!stopped || !isLive(before) || !isInUse(before.status)) return null;
  const plan = findPlan(stopped.pending?.planId ?? '');
  const missing = plan && pendingPlanId === null ? { plan, interval: stopped.pending?.interval ?? null } : null;
  if (!cancelAt && !missing) return null;
  return {
    after: { cancelAt: null, reason: 'ORGANIZATION_KEPT' },
    wanted: {
      isEnding: false,
      ...(missing && { pendingPlan: { planId: missing.plan.id, interval: missing.interval } }),
    },
    carryOut: async () => {
      await takeBackCancellation(context, stripe, before);
      const live: LiveSubscription = { ...before, cancelAt: null, scheduleId: null };
      if (missing) await changeAtPeriodEnd(context, stripe, { live, target: missing });
    },
  };
}

/**
 * Has an organization that is being deleted charged no further period and not dunned for an open invoice, and takes that back when the deletion is cancelled: as auth has it
 * now, hence in any order and as often as wanted. Throws SUBGRAPH_UNAVAILABLE, and as changeSubscription does.
 */
export async function followDeletion(
  { services, database }: SyncContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const requestId = randomUUID();
  const caller = { part: 'billing', organizationId, requestId };
  const { organization } = await services.graph.query<Answer>({ query: DELETION, variables: {} }, caller);
  const known = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  if (!organization || !known) return;
  const context = createContext(services, database, { kind: 'service', organizationId, scopes: [], requestId });
  const { customerId } = known;
  if (organization.deletionAt) {
    await change(context, organizationId, { deletionAt: new Date(organization.deletionAt) });
    if (!customerId) return;
    await askStripe(services, (stripe) => closeCheckout(stripe, customerId));
    await askStripe(services, (stripe) => stopDunning(stripe, customerId));
    const decide = async (stripe: Stripe, before: Subscription) => stop(context, stripe, before);
    await changeSubscription(context, { action: 'subscription.cancelled', decide });
    return;
  }
  if (known.deletionAt && customerId) await askStripe(services, (stripe) => resumeDunning(stripe, customerId));
  if (known.cancelledForDeletion) {
    const decide = async (stripe: Stripe, before: Subscription) => resume(context, stripe, before);
    await changeSubscription(context, { action: 'subscription.resumed', decide });
  }
  await change(context, organizationId, { deletionAt: null, cancelledForDeletion: null });
}

const MAX_ORGANIZATIONS = 1_000;

/**
 * Follows all deletions that are known: what was renewed at Stripe meanwhile is cancelled again. Throws AggregateError for those that
 * failed, once all were tried.
 */
export async function followDeletions(context: SyncContext): Promise<void> {
  const rows = await context.database.query<{ organizationId: string }[]>(
    `SELECT organization_id AS "organizationId" FROM billing.subscription WHERE deletion_at IS NOT NULL
     ORDER BY deletion_at LIMIT ${MAX_ORGANIZATIONS}`,
  );
  const failures: unknown[] = [];
  for (const of of rows) {
    await followDeletion(context, of).catch((error) => {
      if (!isStripeAway(error)) failures.push(error);
    });
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some deletions could not be followed');
}
