import type { Context } from '#billing/context.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { publishStanding } from '#billing/standing/publish-standing.js';
import { readStanding } from '#billing/standing/read-standing.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { FREE_PLAN } from '#runtime/entitlements/plans.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

/**
 * Chooses the plan Free for an organization without a subscription: after its trial, or now when that is over. Recorded as `action`, once:
 * nothing is done where it was chosen before.
 */
export async function chooseFree(
  { database, services, identity }: Context,
  { organizationId, action }: { organizationId: string; action: string },
): Promise<void> {
  const now = services.now();
  await database.transaction(async (manager) => {
    const known = await manager.findOneOrFail(SubscriptionEntity, {
      where: { organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (known.freeSince) return;
    const before = await readStanding(manager, { subscription: known, now });
    const subscription = { ...known, freeSince: now };
    await manager.update(SubscriptionEntity, { organizationId }, { freeSince: now });
    await publishStanding(manager, { subscription, before, occurredAt: now, now });
    await recordAudit(manager, identity, {
      ...{ organizationId, action },
      target: { type: 'OrganizationSubscription', id: known.id },
      before: { planId: before.planId, status: before.status },
      after: { planId: FREE_PLAN, interval: null, isAtPeriodEnd: false },
    });
  });
  services.entitlements.forget(organizationId);
  await deliverWebhooksSoon(services);
}
