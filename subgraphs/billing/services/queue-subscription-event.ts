import type { EntityManager } from 'typeorm';
import type { Subscription } from '#billing/entities/subscription.js';
import { TRIAL_PLAN } from '#runtime/entitlements/plans.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { subscriptionStatus } from './subscription-status.js';

/** Queues the state of a subscription at a time for webhooks, once per `change`. Returns whether there is an endpoint. */
export function queueSubscriptionEvent(
  manager: EntityManager,
  { subscription, change, ...times }: { subscription: Subscription; change: string; occurredAt: Date; queuedAt?: Date },
): Promise<boolean> {
  const { id: subscriptionId, organizationId, planId, trialEndsAt } = subscription;
  return queueWebhookEvent(manager, {
    organizationId,
    type: 'subscription.changed',
    data: {
      subscriptionId,
      planId: planId ?? TRIAL_PLAN,
      status: subscriptionStatus(subscription, times.occurredAt),
      trialEndsAt: trialEndsAt.toISOString(),
    },
    ...times,
    key: `subscription ${subscriptionId} ${change}`,
  });
}
