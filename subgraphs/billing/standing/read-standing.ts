import { type EntityManager, In } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { type DerivedStanding, deriveStanding, type Facts } from './derive-standing.js';
import { factsOf } from './facts.js';

/** Reads what an organization's standing depends on. */
export async function readFacts(manager: EntityManager, subscription: Subscription): Promise<Facts> {
  const { organizationId, stripeSubscriptionId } = subscription;
  // Others do not matter.
  const which = { organizationId, status: In(['paid', 'void']) };
  const invoices = stripeSubscriptionId ? await manager.findBy(InvoiceEntity, { ...which, stripeSubscriptionId }) : [];
  return factsOf(subscription, invoices);
}

/** Returns what an organization's subscription is at an instant, and what it will be by the clock. */
export async function readStanding(
  manager: EntityManager,
  { subscription, now }: { subscription: Subscription; now: Date },
): Promise<DerivedStanding> {
  return deriveStanding(await readFacts(manager, subscription), now);
}
