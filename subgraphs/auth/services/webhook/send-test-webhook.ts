import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Conflict, RateLimited, Unauthenticated } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import type { WebhookDelivery } from '#runtime/webhooks/deliveries.js';
import { getWebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import { queueTestEvent } from '#runtime/webhooks/queue-event.js';
import { getDelivery } from './get-delivery.js';

const TESTS = { name: 'webhook-test', points: 10, windowSeconds: 60 };

/** Queues a test event for an endpoint. Throws NotFound, Conflict for a disabled endpoint, and RateLimited. */
export async function sendTestWebhook(
  context: ServiceContext,
  { endpointId: id }: { endpointId: string },
): Promise<WebhookDelivery> {
  const { services, identity, manager } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  await getWebhookEndpoint(manager, { organizationId, id });
  const { isAllowed, resetSeconds } = await services.rateLimits.open(TESTS).count(organizationId);
  if (!isAllowed) throw new RateLimited('There were too many test events in a minute.', resetSeconds);
  const delivery = await inTransaction(context, async (transaction) => {
    const endpoint = await getWebhookEndpoint(transaction.manager, { organizationId, id, isLocked: true });
    if (endpoint.disabledReason) throw new Conflict('This webhook endpoint is disabled: enable it first.');
    const occurredAt = services.now();
    const deliveryId = await queueTestEvent(transaction.manager, { organizationId, endpointId: id, occurredAt });
    await audit(transaction, {
      organizationId,
      action: 'webhook-delivery.tested',
      target: { type: 'WebhookEndpoint', id },
      after: { deliveryId },
    });
    return getDelivery(transaction, { deliveryId });
  });
  await deliverWebhooksSoon(services);
  return delivery;
}
