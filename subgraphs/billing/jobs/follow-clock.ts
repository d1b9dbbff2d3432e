import type { DataSource, EntityManager } from 'typeorm';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { queueSubscriptionEvent } from '#billing/services/queue-subscription-event.js';
import { deriveStanding } from '#billing/standing/derive-standing.js';
import { factsOf } from '#billing/standing/facts.js';
import { publishStanding } from '#billing/standing/publish-standing.js';
import { readStanding } from '#billing/standing/read-standing.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import { readEntitlement } from '#runtime/entitlements/entitlements.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

interface Dependencies {
  services: Services;
  database: DataSource;
}

const BATCH = 1_000;

// A trial begins with the organization, in auth; the row of it, otherwise, when the subscription is first read.
const BEGIN = `
  INSERT INTO billing.subscription (organization_id, trial_ends_at, created_at)
  SELECT organization_id, next_at, next_at - interval '14 days' FROM operations.entitlement AS e
  WHERE next_access = 'READ_ONLY' AND NOT EXISTS (SELECT FROM billing.subscription WHERE organization_id = e.organization_id)
  ON CONFLICT DO NOTHING
  RETURNING organization_id AS "organizationId"`;

async function beginSubscriptions({ services, database }: Dependencies): Promise<void> {
  await database.transaction(async (manager) => {
    const rows = await manager.query<{ organizationId: string }[]>(BEGIN);
    for (const { organizationId } of rows) {
      const subscription = await manager.findOneByOrFail(SubscriptionEntity, { organizationId });
      const { createdAt: occurredAt } = subscription;
      const standing = deriveStanding(factsOf(subscription, []), occurredAt);
      const times = { occurredAt, queuedAt: services.now() };
      await queueSubscriptionEvent(manager, { subscription, standing, change: 'created', ...times });
    }
  });
}

interface Due {
  organizationId: string;
  /** Published by a clock that was ahead of this one: it is derived anew. */
  isAhead: boolean;
}

/** Publishes what holds of an organization by now, and reports it. */
async function advance(manager: EntityManager, { organizationId, isAhead }: Due, now: Date): Promise<void> {
  const lock = { mode: 'pessimistic_write' as const };
  const subscription = await manager.findOne(SubscriptionEntity, { where: { organizationId }, lock });
  const published = await readEntitlement(manager, { organizationId });
  if (!subscription || !published) return;
  const isDue = published.next !== null && published.next.at <= now;
  // Another process, or a synchronization, has advanced it meanwhile.
  if (!isDue && !isAhead) return;
  const occurredAt = isDue && published.next ? published.next.at : now;
  const before = await readStanding(manager, { subscription, now: new Date(occurredAt.getTime() - 1) });
  await publishStanding(manager, { subscription, before, occurredAt, now });
}

const DUE = `
  SELECT organization_id AS "organizationId", updated_at > $1 AS "isAhead" FROM operations.entitlement
  WHERE next_at <= $1 OR updated_at > $1 ORDER BY next_at NULLS LAST LIMIT ${BATCH}`;

/**
 * Has what changes by the clock alone take effect for good: trials and periods that end without news. What a clock that was ahead has
 * ended is put right. Safe to run concurrently; an organization that fails is tried again.
 */
async function followClock(dependencies: Dependencies): Promise<void> {
  const { services, database } = dependencies;
  if (!canSell(services)) return;
  await beginSubscriptions(dependencies);
  const rows = await database.query<Due[]>(DUE, [services.now()]);
  const failures: unknown[] = [];
  for (const due of rows) {
    await database
      .transaction((manager) => advance(manager, due, services.now()))
      .then(() => services.entitlements.forget(due.organizationId))
      .catch((error) => failures.push(error));
  }
  await deliverWebhooksSoon(services);
  if (failures.length > 0) throw new AggregateError(failures, 'Some subscriptions could not be advanced');
}

/** Follows the clock every ten minutes. */
export function followClockJob(services: Services, database: DataSource): JobDefinition {
  return { name: 'billing.follow-clock', schedule: '10 minutes', run: () => followClock({ services, database }) };
}
