import type { Context } from '#billing/context.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';

export interface BillingDetails {
  name: string | null;
  email: string | null;
  country: string | null;
  postalCode: string | null;
  city: string | null;
  lines: string[];
  taxIds: { type: string; value: string; verification: string | null }[];
}

/**
 * Reads from Stripe to whom an organization's invoices are addressed: it is personal data, and stored there only. Returns null where nothing
 * was ever bought. Throws as askStripe does.
 */
export async function findBillingDetails(
  { services, database }: Pick<Context, 'services' | 'database'>,
  { organizationId }: { organizationId: string },
): Promise<BillingDetails | null> {
  const customerId = (await database.manager.findOneBy(SubscriptionEntity, { organizationId }))?.customerId;
  if (!customerId) return null;
  const customer = await nullIfMissing(
    askStripe(services, (stripe) => stripe.customers.retrieve(customerId, { expand: ['tax_ids'] })),
  );
  if (!customer || customer.deleted) return null;
  const { name, email, address, tax_ids } = customer;
  return {
    ...{ name: name ?? null, email, country: address?.country ?? null },
    ...{ postalCode: address?.postal_code ?? null, city: address?.city ?? null },
    lines: [address?.line1, address?.line2].flatMap((line) => line || []),
    taxIds: (tax_ids?.data ?? []).map(({ type, value, verification }) => ({
      ...{ type, value, verification: verification?.status ?? null },
    })),
  };
}
