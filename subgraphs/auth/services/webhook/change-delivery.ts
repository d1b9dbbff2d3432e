import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Unauthenticated } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import {
  cancelWebhookDelivery as cancel,
  MAX_REPLAYED,
  replayWebhookDelivery as replay,
  replayWebhookDeliveries,
  type WebhookDelivery,
} from '#runtime/webhooks/deliveries.js';
import { getDelivery } from './get-delivery.js';

const changes = {
  'webhook-delivery.replayed': replay,
  'webhook-delivery.cancelled': cancel,
};

/** Throws NotFound, and Conflict as replay and cancellation do. */
async function change(
  context: ServiceContext,
  { deliveryId: id, action }: { deliveryId: string; action: keyof typeof changes },
): Promise<WebhookDelivery> {
  const { services, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const delivery = await inTransaction(context, async (transaction) => {
    await changes[action](transaction.manager, { organizationId, id, now: services.now() });
    const changed = await getDelivery(transaction, { deliveryId: id });
    await audit(transaction, {
      organizationId,
      action,
      target: { type: 'WebhookDelivery', id },
      after: { endpointId: changed.endpointId, eventId: changed.eventId, eventType: changed.eventType },
    });
    return changed;
  });
  await deliverWebhooksSoon(services);
  return delivery;
}

/** Queues a finished delivery again. Throws NotFound, and Conflict while it is pending or its endpoint disabled. */
export function replayWebhookDelivery(context: ServiceContext, { deliveryId }: { deliveryId: string }) {
  return change(context, { deliveryId, action: 'webhook-delivery.replayed' });
}

/** Ends a pending delivery. Throws NotFound, and Conflict unless it is pending. */
export function cancelWebhookDelivery(context: ServiceContext, { deliveryId }: { deliveryId: string }) {
  return change(context, { deliveryId, action: 'webhook-delivery.cancelled' });
}

/**
 * Queues the failed and skipped deliveries of an endpoint since a time again, up to a limit. Throws NotFound, and Conflict
 * for a disabled endpoint.
 */
export async function replayFailedWebhooks(
  context: ServiceContext,
  { endpointId, since }: { endpointId: string; since: Date },
): Promise<{ count: number; hasMore: boolean }> {
  const { services, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const count = await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const replayed = await replayWebhookDeliveries(manager, { organizationId, endpointId, since, now: services.now() });
    await audit(transaction, {
      organizationId,
      action: 'webhook-delivery.all-replayed',
      target: { type: 'WebhookEndpoint', id: endpointId },
      after: { since: since.toISOString(), count: replayed },
    });
    return replayed;
  });
  await deliverWebhooksSoon(services);
  return { count, hasMore: count === MAX_REPLAYED };
}
