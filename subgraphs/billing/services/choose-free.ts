import type { Context } from '#billing/context.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { publishStanding } from '#billing/standing/publish-standing.js';
import { readStanding } from '#billing/standing/read-standing.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

/** Chooses the plan Free for an organization without a subscription: after its trial, or now when that is over. */
export async function chooseFree(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const now = services.now();
  await database.transaction(async (manager) => {
    const known = await manager.findOneOrFail(SubscriptionEntity, {
      where: { organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    const before = await readStanding(manager, { subscription: known, now });
    const subscription = { ...known, freeSince: now };
    await manager.update(SubscriptionEntity, { organizationId }, { freeSince: now });
    await publishStanding(manager, { subscription, before, occurredAt: now, now });
  });
  services.entitlements.forget(organizationId);
  await deliverWebhooksSoon(services);
}
