import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { customerOf } from '#billing/services/customer-of.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { organizationOf } from './change-subscription.js';
import { pageAfter } from './page-after.js';

/** Of the portal's pages; another content gets another version. */
const VERSION = '1';

// Plans are changed by changePlan, which previews what is charged.
const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  customer_update: { enabled: true, allowed_updates: ['address', 'name', 'tax_id'] },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: 'at_period_end' },
};

/** Returns the configuration of the portal, made when there is none: once, also by two processes. */
async function configurationOf(stripe: Stripe): Promise<string> {
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 100 });
  const known = data.find(({ metadata }) => metadata?.webmetrics === VERSION);
  if (known) return known.id;
  const { id } = await stripe.billingPortal.configurations.create(
    { features: FEATURES, metadata: { webmetrics: VERSION } },
    { idempotencyKey: stripeKeyOf('portal configuration', VERSION) },
  );
  return id;
}

/** Returns a page where payment methods and addresses are changed. Throws InvalidInput for a foreign page, and as askStripe does. */
export async function openBillingPortal(
  context: Context,
  { returnUrl }: { returnUrl?: string | null },
): Promise<{ url: string }> {
  const { services, identity, database } = context;
  const organizationId = organizationOf(context);
  const return_url = pageAfter(context, 'returnUrl', returnUrl);
  // A customer that was deleted at Stripe is forgotten.
  await syncCustomer(context, { organizationId });
  const { customerId: customer, subscription } = await customerOf(context, organizationId);
  const { url } = await askStripe(services, async (stripe) =>
    stripe.billingPortal.sessions.create(
      { customer, return_url, configuration: await configurationOf(stripe) },
      { idempotencyKey: stripeKeyOf(organizationId, 'portal', identity.requestId) },
    ),
  );
  const target = { type: 'OrganizationSubscription', id: subscription.id };
  await database.transaction((manager) =>
    recordAudit(manager, identity, { organizationId, action: 'billing-portal.opened', target }),
  );
  return { url };
}
