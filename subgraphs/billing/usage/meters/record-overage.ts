import { z } from 'zod';
import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { findPlan } from '#runtime/entitlements/plans.js';
import { SEND_OVERAGE } from './send-overage.js';

/** Reports of an organization that were ordered beyond what its plan includes, and made. */
export const overageOfReports = z.object({
  organizationId: z.uuid(),
  reports: z.array(z.object({ reportId: z.uuid(), orderedAt: z.iso.datetime() })),
});
export type OverageOfReports = z.infer<typeof overageOfReports>;

/** Whether reports beyond the plan are paid for: a trial is free. */
export function paysOverage({ status, planId }: Subscription): boolean {
  const isCharged = status === 'active' || status === 'past_due';
  return isCharged && findPlan(planId ?? '')?.overage?.limit === 'REPORTS_PER_MONTH';
}

const RECORD = `
  INSERT INTO billing.meter_event (report_id, organization_id, customer_id, ordered_at, recorded_at)
  SELECT report_id, $1, $2, ordered_at, $3 FROM unnest($4::uuid[], $5::timestamptz[]) AS ordered (report_id, ordered_at)
  ON CONFLICT DO NOTHING`;

/** Stores reports that are charged for, each once. Those of organizations that do not pay for them, or of the trial, are not charged. */
export async function recordOverage(
  { services, database }: Pick<Context, 'services' | 'database'>,
  { organizationId, reports }: OverageOfReports,
): Promise<void> {
  const subscription = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  if (!subscription?.customerId || !paysOverage(subscription)) return;
  const { customerId, trialEnd } = subscription;
  const charged = reports.filter(({ orderedAt }) => !trialEnd || new Date(orderedAt) >= trialEnd);
  if (charged.length === 0) return;
  const ids = charged.map(({ reportId }) => reportId);
  const times = charged.map(({ orderedAt }) => orderedAt);
  await database.query(RECORD, [organizationId, customerId, services.now(), ids, times]);
  await services.jobs.enqueue(SEND_OVERAGE, { key: 'soon' });
}
