import type { EntityManager } from 'typeorm';
import type { Subscription } from '#billing/entities/subscription.js';
import { planNotices } from '#billing/notices/plan-notices.js';
import { queueSubscriptionEvent } from '#billing/services/queue-subscription-event.js';
import { publishEntitlement } from '#runtime/entitlements/entitlements.js';
import { deriveEntitlement, deriveStanding, type StandingNow } from './derive-standing.js';
import { readFacts } from './read-standing.js';

/** What is published of a subscription. */
export interface Publishing {
  /** As it is stored now, and locked. */
  subscription: Subscription;
  /** What held before; an event reports it when another status or plan holds now. */
  before: StandingNow;
  /** Since when it holds. */
  occurredAt: Date;
  now: Date;
}

/**
 * Publishes what an organization may use, reports a change of it to webhooks and plans its mails, in the transaction of the cause. After
 * the commit, call `forget` of the entitlements and `deliverWebhooksSoon`; mails are sent within a minute.
 */
export async function publishStanding(
  manager: EntityManager,
  { subscription, before, occurredAt, now }: Publishing,
): Promise<void> {
  const { organizationId } = subscription;
  const facts = await readFacts(manager, subscription);
  // What an owner has chosen to keep is not published again: it stays as it is stored.
  await publishEntitlement(manager, deriveEntitlement(facts, { organizationId, kept: {}, now }), now);
  await planNotices(manager, { organizationId, now });
  const standing = deriveStanding(facts, now);
  if (standing.status === before.status && standing.planId === before.planId) return;
  const change = `${standing.status} ${standing.planId} ${occurredAt.toISOString()}`;
  await queueSubscriptionEvent(manager, { subscription, standing, change, occurredAt, queuedAt: now });
}
