import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { ensureSubscription } from '#billing/services/ensure-subscription.js';
import { askStripe, invalidRequestOf, isMissingAtStripe } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { type AuditEntry, recordAudit } from '#runtime/audit/record-audit.js';
import { AppError, Conflict, Unauthenticated } from '#runtime/errors.js';

/** Returns the organization of the caller. Throws Unauthenticated without one. */
export function organizationOf({ identity }: Pick<Context, 'identity'>): string {
  if (!identity.organizationId) throw new Unauthenticated();
  return identity.organizationId;
}

/** Returns the organization's subscription as Stripe has it now. Throws as askStripe does. */
export async function presentSubscription(context: Context): Promise<Subscription> {
  const organizationId = organizationOf(context);
  const known = await ensureSubscription(context, { organizationId });
  if (!known.customerId) return known;
  return (await syncCustomer(context, { organizationId }))?.subscription ?? known;
}

/** A subscription that is not over. */
export type LiveSubscription = Subscription & { customerId: string; stripeSubscriptionId: string };

/** Whether there is a subscription at Stripe that is not over. */
export function isLive(subscription: Subscription): subscription is LiveSubscription {
  const { customerId, stripeSubscriptionId, status } = subscription;
  if (!customerId || !stripeSubscriptionId || !status) return false;
  return status !== 'canceled' && status !== 'incomplete_expired';
}

/** Throws Conflict unless there is a subscription that is not over. */
export function requireLive(subscription: Subscription): LiveSubscription {
  if (isLive(subscription)) return subscription;
  throw new Conflict('There is no subscription: buy a plan with startCheckout.');
}

/** Long enough for every repetition of a request, and shorter than Stripe repeats a failure of its own. */
const SAME_REQUEST_MS = 60 * 60 * 1000;

/**
 * Returns the idempotency key of a request that a command makes: the same for the same input while the subscription stays as it is, so
 * that a second click, and a repetition after a crash, have one effect.
 */
export function commandKey(
  { services }: Pick<Context, 'services'>,
  command: string,
  { organizationId, version }: Subscription,
  ...input: (string | number | boolean | null | undefined)[]
): string {
  const hour = Math.floor(services.now().getTime() / SAME_REQUEST_MS);
  return stripeKeyOf(organizationId, command, version, hour, ...input);
}

/**
 * Returns an error of a command as Conflict when Stripe has refused it because the subscription is not what it was before: another
 * command, the portal or the clock has changed it meanwhile. Any other error as it is.
 */
export async function conflictIfChanged(context: Context, before: Subscription, error: unknown): Promise<unknown> {
  if (!invalidRequestOf(error)) return error;
  const present = await syncCustomer(context, { organizationId: before.organizationId });
  if (!isMissingAtStripe(error) && present?.subscription.version === before.version) return error;
  const message = 'The subscription was changed at Stripe meanwhile: reload, and try again.';
  return new Conflict(message, { cause: error });
}

interface Change {
  /** For the audit trail, such as `subscription.cancelled`. */
  action: string;
  /**
   * Changes the subscription at Stripe, and returns what the audit trail says of it: no card data; null = it is already as wanted, and
   * nothing was done.
   */
  change(stripe: Stripe, before: Subscription): Promise<Record<string, unknown> | null>;
}

/** What the audit trail says of a subscription. */
const describe = ({ planId, interval, status, cancelAt, isPaused }: Subscription) => ({
  ...{ planId, interval, status, cancelAt: cancelAt?.toISOString() ?? null, isPaused },
});

/**
 * Runs a command on what Stripe has now, records it, also when it was not paid, and returns the subscription as Stripe has it
 * then. Throws Conflict when it is gone at Stripe or was changed there meanwhile, and as askStripe does: a repetition finds what was
 * begun.
 */
export async function changeSubscription(context: Context, { action, change }: Change): Promise<Subscription> {
  const { services, database, identity } = context;
  const before = await presentSubscription(context);
  const { organizationId } = before;
  const target = { type: 'OrganizationSubscription', id: before.id };
  const record = (entry: Pick<AuditEntry, 'outcome' | 'after'>) =>
    database.transaction((manager) =>
      recordAudit(manager, identity, { organizationId, action, target, before: describe(before), ...entry }),
    );
  const after = await askStripe(services, (stripe) => change(stripe, before)).catch(async (error) => {
    if (error instanceof AppError && error.payment) {
      await record({ outcome: 'REFUSED', after: { declineCode: error.payment.declineCode } });
      // The invoice that is to be paid.
      await syncCustomer(context, { organizationId });
    }
    throw await conflictIfChanged(context, before, error);
  });
  if (!after) return before;
  await record({ after });
  return (
    (await syncCustomer(context, { organizationId }))?.subscription ?? ensureSubscription(context, { organizationId })
  );
}
