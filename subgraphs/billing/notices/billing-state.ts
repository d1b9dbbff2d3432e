import { type EntityManager, In } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import { NoticeEntity } from '#billing/entities/notice.js';
import { PaymentMethodEntity } from '#billing/entities/payment-method.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import type { BillingState } from './due-notices.js';

/** Two years of monthly invoices, with changes of plan. */
const MAX_INVOICES = 50;

/** Returns what is known of an organization's billing; null when it has no subscription, not even a trial. */
export async function readBillingState(
  manager: EntityManager,
  { organizationId }: { organizationId: string },
): Promise<BillingState | null> {
  const subscription = await manager.findOneBy(SubscriptionEntity, { organizationId });
  if (!subscription) return null;
  const { stripeSubscriptionId } = subscription;
  const invoices = stripeSubscriptionId
    ? await manager.find(InvoiceEntity, {
        where: { organizationId, stripeSubscriptionId },
        order: { createdAt: 'DESC', id: 'DESC' },
        take: MAX_INVOICES,
      })
    : [];
  const card = await manager.findOneBy(PaymentMethodEntity, { organizationId, isDefault: true });
  const given = await manager.findBy(NoticeEntity, { organizationId, kind: In(['DUNNING_OVER']) });
  return { subscription, invoices, card, givenUp: new Set(given.map(({ subject }) => subject)) };
}
