import type { DataSource, EntityManager } from 'typeorm';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { beginSubscriptions } from '#billing/services/begin-subscriptions.js';
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
  // They begin in auth, and are stored here when they are first read, or by this.
  await database.transaction((manager) => beginSubscriptions(manager, { now: services.now() }));
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
