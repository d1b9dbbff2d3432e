import type { Context } from '#billing/context.js';
import { type PaymentMethod, PaymentMethodEntity } from '#billing/entities/payment-method.js';

/** Returns an organization's payment methods, the default first, then the newest. */
export function listPaymentMethods(
  { database }: Pick<Context, 'database'>,
  { organizationId }: { organizationId: string },
): Promise<PaymentMethod[]> {
  return database.manager.find(PaymentMethodEntity, {
    where: { organizationId },
    order: { isDefault: 'DESC', createdAt: 'DESC', id: 'ASC' },
  });
}
