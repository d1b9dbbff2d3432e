import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { beginCommand } from '#billing/sync/pending-commands.js';
import { TRIAL_REFUSED } from '#billing/sync/rows-of-customer.js';
import { addMeteredItem } from './add-metered-item.js';
import { isInUse } from './derive-standing.js';

const LOST = `
  SELECT FROM billing.payment AS p JOIN billing.invoice AS i ON i.id = p.invoice_id
  WHERE p.organization_id = $1 AND p.dispute_status = 'lost' AND i.stripe_subscription_id = $2 LIMIT 1`;

interface Reading {
  subscription: Subscription;
  /** Whether it is in a trial for which nothing was ever paid. */
  isFirstTrial: boolean;
}

/** What was corrected at Stripe. */
export type Correction = Cancellation['reason'] | 'METERED_ITEM_ADDED';

interface Cancellation {
  reason: 'PAYMENT_DISPUTED' | 'TRIAL_REFUSED';
  key: string;
  parameters?: Stripe.SubscriptionCancelParams;
}

async function cancellationOf({ database }: Pick<Context, 'database'>, reading: Reading): Promise<Cancellation | null> {
  const { organizationId, stripeSubscriptionId, hasCardOfAnotherTrial } = reading.subscription;
  const lost = await database.query<unknown[]>(LOST, [organizationId, stripeSubscriptionId]);
  if (lost.length > 0) return { reason: 'PAYMENT_DISPUTED', key: 'cancel-disputed' };
  if (!reading.isFirstTrial || !hasCardOfAnotherTrial) return null;
  const parameters = { cancellation_details: { comment: TRIAL_REFUSED } };
  return { reason: 'TRIAL_REFUSED', key: 'refuse-trial', parameters };
}

/**
 * Corrects at Stripe what our rules do not allow: a purchase is cancelled, and nothing charged, when it begins with a trial and its card
 * has had one in another organization; a subscription is cancelled when a payment for it was charged back; the item of what is used beyond the
 * plan is added where it is missing. Returns what was corrected: then the customer has to be read again, which records it; null =
 * nothing. Once each, also when repeated after a crash. Throws as askStripe does.
 */
export async function correctAtStripe(
  context: Pick<Context, 'database' | 'services'>,
  reading: Reading,
): Promise<Correction | null> {
  const { database, services } = context;
  const { organizationId, stripeSubscriptionId: id, status, planId, interval } = reading.subscription;
  if (!id || !isInUse(status)) return null;
  const cancellation = await cancellationOf(context, reading);
  if (!cancellation) return (await addMeteredItem(context, reading.subscription)) ? 'METERED_ITEM_ADDED' : null;
  const { reason, key, parameters } = cancellation;
  await beginCommand(database, {
    ...{ organizationId, action: 'subscription.cancelled', wanted: { isOver: true }, begunAt: services.now() },
    identity: { kind: 'service', scopes: [], requestId: randomUUID() },
    before: { planId, interval, status },
    after: { status: 'canceled', reason },
  });
  const idempotencyKey = stripeKeyOf(organizationId, key, id);
  await askStripe(services, (stripe) =>
    stripe.subscriptions.cancel(id, { prorate: false, ...parameters }, { idempotencyKey }),
  );
  return reason;
}
