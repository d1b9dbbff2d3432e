import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { customerOf } from '#billing/services/customer-of.js';
import { updateContact } from '#billing/services/update-contact.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { planItemsOf } from '#billing/stripe/catalogue.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import {
  conflictIfChanged,
  isLive,
  organizationOf,
  presentSubscription,
  requireKept,
  withoutEffect,
} from './change-subscription.js';
import { findPromotionCode, refusedCode } from './find-promotion-code.js';
import { pageAfter } from './page-after.js';
import { DEFAULT_CURRENCY, type Target, targetOf } from './plan-change.js';

/** Stripe's shortest trial at a checkout is 48 hours; our clock may be an hour ahead of its. */
const MIN_TRIAL_MS = 49 * 60 * 60 * 1000;

interface CheckoutInput {
  planId: string;
  interval: BillingInterval;
  currency?: string | null;
  successUrl?: string | null;
  cancelUrl?: string | null;
  promotionCode?: string | null;
}

export interface Checkout {
  url: string;
  expiresAt: Date;
}

function currencyFor(
  subscription: Subscription,
  { plan, interval }: Target,
  wanted: string | null | undefined,
): string {
  const prices = plan.prices?.[interval ?? 'MONTH'];
  if (!prices) {
    throw new InvalidInput([
      { argument: 'planId', problem: 'is a plan that costs nothing: choose it with changePlan' },
    ]);
  }
  const currency = wanted?.toUpperCase() ?? subscription.currency ?? DEFAULT_CURRENCY;
  if (currency in prices) return currency;
  throw new InvalidInput([{ argument: 'currency', problem: `is not one of ${Object.keys(prices).join(', ')}` }]);
}

/** Returns the rest of the trial, in seconds since 1970; undefined when it was used up, or is too short for Stripe. */
function trialEndOf(subscription: Subscription, now: Date): number | undefined {
  const { trialEndsAt, firstSubscribedAt, hasCardOfAnotherTrial } = subscription;
  if (firstSubscribedAt || hasCardOfAnotherTrial) return undefined;
  if (trialEndsAt.getTime() - now.getTime() < MIN_TRIAL_MS) return undefined;
  return Math.floor(trialEndsAt.getTime() / 1000);
}

/** Throws Conflict for a subscription that is not over, and while the organization is being deleted. */
function requireNone(subscription: Subscription): void {
  requireKept(subscription);
  if (!isLive(subscription)) return;
  if (subscription.status === 'incomplete') {
    throw new Conflict('A first payment is waiting: make it at `openInvoice.hostedUrl`, or use cancelSubscription.');
  }
  throw new Conflict('There is a subscription already: use changePlan.');
}

async function parametersOf(
  context: Context,
  stripe: Stripe,
  { subscription, customerId, given }: { subscription: Subscription; customerId: string; given: CheckoutInput },
): Promise<Stripe.Checkout.SessionCreateParams> {
  const { services } = context;
  const { organizationId } = subscription;
  const target = targetOf(subscription, given);
  const currency = currencyFor(subscription, target, given.currency);
  const wanted = { planId: target.plan.id, interval: target.interval ?? 'MONTH', currency } as const;
  const { promotionCode } = given;
  const code =
    promotionCode === null || promotionCode === undefined
      ? undefined
      : await findPromotionCode(stripe, { argument: 'promotionCode', code: promotionCode });
  const trialEnd = trialEndOf(subscription, services.now());
  return {
    mode: 'subscription',
    customer: customerId,
    client_reference_id: organizationId,
    line_items: await planItemsOf(services, wanted),
    success_url: pageAfter(context, 'successUrl', given.successUrl),
    cancel_url: pageAfter(context, 'cancelUrl', given.cancelUrl),
    payment_method_collection: 'always',
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_update: { name: 'auto', address: 'auto' },
    ...(code ? { discounts: [{ promotion_code: code.id }] } : { allow_promotion_codes: true }),
    subscription_data: {
      metadata: { organization_id: organizationId },
      ...(trialEnd && {
        trial_end: trialEnd,
        trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
      }),
    },
  };
}

interface Attempt {
  parameters: Stripe.Checkout.SessionCreateParams;
  /** Recognizes a session of the same parameters. */
  request: string;
  last: Stripe.Checkout.Session | undefined;
}

/**
 * Returns the open session of the same parameters, or a new one in place of an open one: two that are open could both be paid. Concurrent
 * calls share an idempotency key: of those with other parameters all but the first are refused with Conflict.
 */
async function openSession(stripe: Stripe, { parameters, request, last }: Attempt): Promise<Stripe.Checkout.Session> {
  if (last?.status === 'open') {
    if (last.metadata?.request === request) return last;
    await stripe.checkout.sessions.expire(last.id, {}, { idempotencyKey: stripeKeyOf('expire checkout', last.id) });
  }
  const idempotencyKey = stripeKeyOf(parameters.customer, 'checkout', last?.id);
  const metadata = { request };
  return stripe.checkout.sessions.create({ ...parameters, metadata }, { idempotencyKey });
}

/** Makes or finds the session at Stripe. */
async function sessionFor(context: Context, given: CheckoutInput): Promise<Stripe.Checkout.Session> {
  const { services } = context;
  const organizationId = organizationOf(context);
  const known = await presentSubscription(context);
  requireNone(known);
  pageAfter(context, 'successUrl', given.successUrl);
  pageAfter(context, 'cancelUrl', given.cancelUrl);
  currencyFor(known, targetOf(known, given), given.currency);
  const { customerId } = await customerOf(context, organizationId);
  await updateContact(context, { organizationId, isNamed: known.firstSubscribedAt === null });
  return askStripe(services, async (stripe) => {
    const { data } = await stripe.checkout.sessions.list({ customer: customerId, limit: 1 });
    // Read after the session: one that has been paid meanwhile is known.
    const subscription = await presentSubscription(context);
    requireNone(subscription);
    const parameters = await parametersOf(context, stripe, { subscription, customerId, given });
    const request = stripeKeyOf(JSON.stringify(parameters));
    return openSession(stripe, { parameters, request, last: data[0] }).catch((error) => {
      throw refusedCode(error, 'promotionCode');
    });
  }).catch(async (error) => {
    throw await conflictIfChanged(context, known, error);
  });
}

const REMEMBER = `
  UPDATE billing.subscription SET checkout_id = $2 WHERE organization_id = $1 AND checkout_id IS DISTINCT FROM $2
  RETURNING id`;

/**
 * Returns the page at which a plan is bought: the same one for the same input while it is open. Each is recorded once, when its address is
 * first returned. Throws InvalidInput, Conflict with a subscription that is not over, and as askStripe does.
 */
export async function startCheckout(context: Context, given: CheckoutInput): Promise<Checkout> {
  const { database, identity } = context;
  const organizationId = organizationOf(context);
  const session = await withoutEffect(() => sessionFor(context, given));
  const { id: sessionId, url, expires_at } = session;
  if (!url) throw new Conflict('This checkout has just been completed: reload.');
  await database.transaction(async (manager) => {
    const [rows] = (await manager.query(REMEMBER, [organizationId, sessionId])) as [{ id: string }[], number];
    const [found] = rows;
    if (!found) return;
    const after = { planId: given.planId, interval: given.interval, promotionCode: given.promotionCode ?? null };
    const target = { type: 'OrganizationSubscription', id: found.id };
    await recordAudit(manager, identity, { organizationId, action: 'checkout.started', target, after });
  });
  return { url, expiresAt: new Date(expires_at * 1000) };
}
