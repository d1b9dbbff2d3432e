import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { smallestUnitsOf } from '#billing/stripe/amounts.js';
import { findPlan, type LimitName } from '#runtime/entitlements/plans.js';
import { paysOverage } from './record-overage.js';

/** What an organization has used beyond its plan in the current period. */
export interface SubscriptionOverage {
  limit: LimitName;
  units: number;
  /** In the currency's smallest unit. */
  unitPrice: number;
  currency: string;
}

/** Returns what is charged with the next invoice; null where nothing beyond the plan is paid for. */
export async function countOverage(
  { database }: Pick<Context, 'database'>,
  subscription: Subscription,
): Promise<SubscriptionOverage | null> {
  const { organizationId, planId, currency, periodStart } = subscription;
  const overage = findPlan(planId ?? '')?.overage;
  const price = overage?.unitPrices[currency ?? ''];
  if (!overage || price === undefined || !currency || !periodStart || !paysOverage(subscription)) return null;
  const [row] = await database.query<{ units: number }[]>(
    `SELECT count(*)::int AS units FROM billing.meter_event
     WHERE organization_id = $1 AND state IN ('WAITING', 'SENT') AND coalesce(charged_at, ordered_at) >= $2`,
    [organizationId, periodStart],
  );
  return { limit: overage.limit, units: row?.units ?? 0, unitPrice: smallestUnitsOf(price, currency), currency };
}
