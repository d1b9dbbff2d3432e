import { Between, type DataSource, IsNull } from 'typeorm';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { queueSubscriptionEvent } from '#billing/services/queue-subscription-event.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';

/** Longer than an installation stands still. */
const LOOK_BACK_MS = 2 * 24 * 60 * 60 * 1000;
const MAX_SUBSCRIPTIONS = 10_000;

/** Reports trials that have ended to webhooks, once each: a trial ends by the clock, without a change of its row. */
async function reportEndedTrials(services: Services, database: DataSource): Promise<void> {
  const now = services.now();
  const ended = await database.manager.find(SubscriptionEntity, {
    where: { status: IsNull(), trialEndsAt: Between(new Date(now.getTime() - LOOK_BACK_MS), now) },
    order: { trialEndsAt: 'ASC' },
    take: MAX_SUBSCRIPTIONS,
  });
  for (const subscription of ended) {
    const times = { occurredAt: subscription.trialEndsAt, queuedAt: now };
    await queueSubscriptionEvent(database.manager, { subscription, change: 'trial-ended', ...times });
  }
  await deliverWebhooksSoon(services);
}

/** Reports ended trials every ten minutes. */
export function reportEndedTrialsJob(services: Services, database: DataSource): JobDefinition {
  return {
    name: 'billing.report-ended-trials',
    schedule: '10 minutes',
    run: () => reportEndedTrials(services, database),
  };
}
