import type { BillingInterval } from '#runtime/entitlements/plans.js';

const PREFIX = 'webmetrics_';

/** The events of the meter of reports beyond what plans include. */
export const METER_EVENT = 'webmetrics_reports';

/** The product of those reports. It is no plan: paying for it pays for no period. */
export const METERED_PRODUCT = 'webmetrics-reports';

/** Returns the id of a plan's product at Stripe. */
export const productIdOf = (planId: string): string => `${PREFIX}${planId}`;

/** Returns the plan of a product at Stripe; null = the product is not of our catalogue. */
export function planOfProduct(product: string | { id: string } | null | undefined): string | null {
  const id = typeof product === 'string' ? product : product?.id;
  return id?.startsWith(PREFIX) ? id.slice(PREFIX.length) : null;
}

/** Returns how often a price is paid; null for intervals that no plan has. */
export function intervalOf(
  recurring: { interval: string; interval_count: number } | null | undefined,
): BillingInterval | null {
  if (recurring?.interval_count !== 1) return null;
  if (recurring.interval === 'month') return 'MONTH';
  return recurring.interval === 'year' ? 'YEAR' : null;
}
