import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { ensureSubscription } from '#billing/services/ensure-subscription.js';
import { askStripe, invalidRequestOf, isMissingAtStripe, isStripeAway } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { beginCommand, completeCommand, dropCommand, type Wanted } from '#billing/sync/pending-commands.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { AppError, Conflict, ResultUnknown, Unauthenticated } from '#runtime/errors.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';

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

/** Throws Conflict when the organization is being deleted: nothing further is charged then. */
export function requireKept({ deletionAt }: Subscription): void {
  if (deletionAt)
    throw new Conflict('The organization is being deleted: take that back first (cancelOrganizationDeletion).');
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

/**
 * Runs work whose transactions are not the effect of a mutation with an idempotency key: where only they were committed, it may be sent
 * again.
 */
export function withoutEffect<Result>(work: () => Promise<Result>): Promise<Result> {
  return withScope({ ...currentScope(), effect: undefined }, work);
}

/** What a command is about to do at Stripe. */
export interface Step {
  /** What the audit trail says of it: no card data. */
  after: Record<string, unknown>;
  wanted: Wanted;
  carryOut(): Promise<unknown>;
}

interface Command {
  /** For the audit trail, such as `subscription.cancelled`. */
  action: string;
  /** Decides by what Stripe has, and changes nothing; null = it is already as wanted. */
  decide(stripe: Stripe, before: Subscription): Promise<Step | null>;
}

/** What the audit trail says of a subscription. */
const describe = ({ planId, interval, status, cancelAt, isPaused }: Subscription) => ({
  ...{ planId, interval, status, cancelAt: cancelAt?.toISOString() ?? null, isPaused },
});

const TOO_MANY_REQUESTS = 429;

/** Returns that Stripe has not answered as a result that is not known; any other error as it is. */
function unknownResult(error: unknown): unknown {
  if (!isStripeAway(error)) return error;
  const { cause } = error as AppError;
  // Stripe has done nothing then.
  if ((cause as { statusCode?: number } | undefined)?.statusCode === TOO_MANY_REQUESTS) return error;
  return new ResultUnknown({ cause: error });
}

/** Whether nothing more comes of a request that failed so: Stripe has refused it, or was not asked. */
const isRefusal = (error: unknown) => !isStripeAway(error) && (error instanceof AppError || !!invalidRequestOf(error));

/**
 * Carries out a step that is recorded as pending. Throws ResultUnknown when Stripe does not answer: the next reading then records what has
 * become of it.
 */
async function carryOut(context: Context, before: Subscription, step: Step & { action: string }): Promise<void> {
  const { services, database, identity } = context;
  const { organizationId, id: targetId } = before;
  const { action, after, wanted } = step;
  const id = await withoutEffect(() =>
    beginCommand(database, {
      ...{ organizationId, action, identity, before: describe(before), after, wanted },
      begunAt: services.now(),
    }),
  );
  await withoutEffect(() => askStripe(services, () => step.carryOut())).catch(async (error) => {
    if (!isRefusal(error)) throw unknownResult(error);
    await dropCommand(database, { id });
    if (error instanceof AppError && error.payment) {
      const { declineCode } = error.payment;
      const target = { type: 'OrganizationSubscription', id: targetId };
      const refused = { outcome: 'REFUSED', before: describe(before), after: { declineCode } } as const;
      await database.transaction((manager) =>
        recordAudit(manager, identity, { organizationId, action, target, ...refused }),
      );
      // The invoice that is to be paid.
      await syncCustomer(context, { organizationId });
    }
    throw await conflictIfChanged(context, before, error);
  });
  await database.transaction((manager) => completeCommand(manager, { id, targetId }));
}

/**
 * Runs a command on what Stripe has now, records it, also when it was not paid, and returns the subscription as Stripe has it
 * then. Throws Conflict when it is gone at Stripe or was changed there meanwhile, ResultUnknown when Stripe's answer is lost, and as
 * askStripe does: a repetition finds what was begun.
 */
export async function changeSubscription(context: Context, { action, decide }: Command): Promise<Subscription> {
  const { services } = context;
  const [before, step] = await withoutEffect(async () => {
    const present = await presentSubscription(context);
    const decided = askStripe(services, (stripe) => decide(stripe, present));
    return [
      present,
      await decided.catch(async (error) => Promise.reject(await conflictIfChanged(context, present, error))),
    ] as const;
  });
  const { organizationId } = before;
  if (!step) return ensureSubscription(context, { organizationId });
  await carryOut(context, before, { ...step, action });
  const present = await syncCustomer(context, { organizationId }).catch((error) => {
    throw unknownResult(error);
  });
  return present?.subscription ?? ensureSubscription(context, { organizationId });
}
