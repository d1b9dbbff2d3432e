import type { EntityManager } from 'typeorm';
import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { type Correction, correctAtStripe } from '#billing/standing/correct-at-stripe.js';
import { Conflict } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { applyRows, isFirstTrial } from './apply-rows.js';
import type { Difference } from './find-differences.js';
import { settleCommands } from './pending-commands.js';
import { readCustomer } from './read-customer.js';
import { isOngoing, rowsOfCustomer } from './rows-of-customer.js';

export type SyncContext = Pick<Context, 'database' | 'services'>;

/** What a synchronization found. */
export interface SyncResult {
  /** As it is stored now. */
  subscription: Subscription;
  /** What was stored before and differed from what Stripe says; none = nothing was changed. */
  differences: Difference[];
  /** What was corrected at Stripe before this reading. */
  corrections: Correction[];
}

/** Runs in the transaction that stores a reading. */
export type OnStored = (manager: EntityManager, result: SyncResult) => Promise<void>;

/** Others wrote meanwhile so often only when something is wrong. */
const MAX_READINGS = 8;
/** One that has no effect at Stripe would be found again. */
const MAX_CORRECTIONS = 2;

async function cardKeyOf(manager: EntityManager): Promise<Buffer> {
  const [row] = await manager.query<{ card_key: Buffer }[]>('SELECT card_key FROM billing.installation');
  if (!row) throw new Error('The table billing.installation has no row.');
  return row.card_key;
}

function reportSeveral({ services }: SyncContext, organizationId: string, count: number): void {
  const message = 'An organization has several subscriptions in use at Stripe: cancel and refund all but one there.';
  const details = { count };
  services.alerts.raise({
    category: 'payment',
    key: 'several-subscriptions',
    runbook: 'billing-differs',
    message,
    organizationId,
    details,
  });
}

/**
 * Reads a customer's present state from Stripe and stores what follows from it, in one transaction: the mirrored rows, the
 * entitlement, mails and events for webhooks. Nothing else writes these rows. The outcome depends on what Stripe says alone,
 * not on which events arrived, how often or in which order; of concurrent calls the later reading is kept. Returns null for a
 * customer that no organization has, or an organization without one. Throws as askStripe does, and what `onStored` throws.
 */
export async function syncCustomer(
  context: SyncContext,
  of: { customerId: string } | { organizationId: string },
  onStored?: OnStored,
): Promise<SyncResult | null> {
  const { database, services } = context;
  const differences: Difference[] = [];
  const corrections: Correction[] = [];
  for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
    const before = await database.manager.findOneBy(SubscriptionEntity, of);
    if (!before?.customerId) return null;
    const { organizationId, customerId } = before;
    const readAt = services.now();
    const knownSubscriptionId = before.stripeSubscriptionId;
    const state = await readCustomer(services, { customerId, knownSubscriptionId });
    const cardKey = await cardKeyOf(database.manager);
    const rows = rowsOfCustomer(state, { organizationId, customerId, cardKey });
    const live = state.subscriptions.filter(isOngoing).length;
    const result = await database.transaction(async (manager) => {
      const subscription = await manager.findOne(SubscriptionEntity, {
        where: { id: before.id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!subscription) return null;
      // Another process stored a reading meanwhile, which may be newer than this one.
      if (subscription.syncs !== before.syncs) return 'again';
      const stored = await applyRows(manager, services, { subscription, rows, isDeleted: state.customer === null });
      const found = { ...stored, corrections: corrections.slice(-1) };
      await onStored?.(manager, found);
      await settleCommands(manager, { subscription: stored.subscription, readAt });
      return found;
    });
    if (result === 'again') continue;
    if (result && live > 1) reportSeveral(context, organizationId, live);
    services.entitlements.forget(organizationId);
    await deliverWebhooksSoon(services);
    if (!result) return null;
    differences.push(...result.differences);
    const isRepeated = corrections.length >= MAX_CORRECTIONS;
    const correction = isRepeated
      ? null
      : await correctAtStripe(context, { ...result, isFirstTrial: isFirstTrial(rows) });
    if (!correction) return { ...result, differences, corrections };
    corrections.push(correction);
  }
  throw new Conflict('This subscription is being changed too often: try again in a few seconds.', { retryAfter: 5 });
}
