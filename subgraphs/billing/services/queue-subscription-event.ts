import type { EntityManager } from 'typeorm';
import type { Subscription } from '#billing/entities/subscription.js';
import type { StandingNow } from '#billing/standing/derive-standing.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

export interface SubscriptionChange {
  subscription: Subscription;
  /** What holds now. */
  standing: Pick<StandingNow, 'status' | 'planId'>;
  change: string;
  occurredAt: Date;
  queuedAt?: Date;
}

/** Queues the state of a subscription at a time for webhooks, once per `change`. Returns whether there is an endpoint. */
export function queueSubscriptionEvent(
  manager: EntityManager,
  { subscription, standing, change, ...times }: SubscriptionChange,
): Promise<boolean> {
  const { id: subscriptionId, organizationId, trialEndsAt } = subscription;
  return queueWebhookEvent(manager, {
    organizationId,
    type: 'subscription.changed',
    data: {
      subscriptionId,
      planId: standing.planId,
      status: standing.status,
      trialEndsAt: trialEndsAt.toISOString(),
    },
    ...times,
    key: `subscription ${subscriptionId} ${change}`,
  });
}
