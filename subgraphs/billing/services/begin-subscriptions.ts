import type { EntityManager } from 'typeorm';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { deriveStanding } from '#billing/standing/derive-standing.js';
import { factsOf } from '#billing/standing/facts.js';
import { TRIAL_MS } from '#runtime/entitlements/entitlement.js';
import { FREE_PLAN } from '#runtime/entitlements/plans.js';
import { queueSubscriptionEvent } from './queue-subscription-event.js';

// Until billing has written the first entitlement, it is the one that the organization was created with: a trial whose end is the
// next change, or the plan Free without one.
const BEGIN = `
  INSERT INTO billing.subscription (organization_id, trial_ends_at, created_at, free_since)
  SELECT organization_id, coalesce(next_at, updated_at), coalesce(next_at - make_interval(secs => $2), updated_at),
    CASE WHEN next_at IS NULL THEN updated_at END
  FROM operations.entitlement AS e
  WHERE ($1::uuid IS NULL OR organization_id = $1)
    AND (next_access = 'READ_ONLY' OR (next_at IS NULL AND plan_id = '${FREE_PLAN}' AND access = 'FULL'))
    AND NOT EXISTS (SELECT FROM billing.subscription WHERE organization_id = e.organization_id)
  ON CONFLICT DO NOTHING
  RETURNING organization_id AS "organizationId"`;

/** Reports a subscription that has begun to webhooks, in the transaction that stores it. */
export async function reportBegun(
  manager: EntityManager,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<void> {
  const subscription = await manager.findOneByOrFail(SubscriptionEntity, { organizationId });
  const { createdAt: occurredAt } = subscription;
  const standing = deriveStanding(factsOf(subscription, []), occurredAt);
  await queueSubscriptionEvent(manager, { subscription, standing, change: 'created', occurredAt, queuedAt: now });
}

/** Stores the subscription of an organization that was created, or of all of them, as a trial or on the plan Free: each once. */
export async function beginSubscriptions(
  manager: EntityManager,
  { organizationId, now }: { organizationId?: string; now: Date },
): Promise<void> {
  const rows = await manager.query<{ organizationId: string }[]>(BEGIN, [organizationId ?? null, TRIAL_MS / 1000]);
  for (const begun of rows) await reportBegun(manager, { ...begun, now });
}
