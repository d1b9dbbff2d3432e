import { MoreThan } from 'typeorm';
import type { Context } from '#billing/context.js';
import { type Invoice, InvoiceEntity } from '#billing/entities/invoice.js';
import type { Subscription } from '#billing/entities/subscription.js';

/** Returns the oldest invoice of a subscription that waits for a payment; null when none does. */
export async function findOpenInvoice(
  { database }: Pick<Context, 'database'>,
  { organizationId, stripeSubscriptionId }: Subscription,
): Promise<Invoice | null> {
  if (!stripeSubscriptionId) return null;
  return database.manager.findOne(InvoiceEntity, {
    where: { organizationId, stripeSubscriptionId, status: 'open', amountRemaining: MoreThan(0) },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
}
