import type { ServiceContext } from '#auth/context.js';
import { NotFound, Unauthenticated } from '#runtime/errors.js';
import { findWebhookDelivery, type WebhookDelivery } from '#runtime/webhooks/deliveries.js';

/** Returns a delivery of the caller's organization. Throws NotFound. */
export async function getDelivery(
  { manager, identity }: ServiceContext,
  { deliveryId: id }: { deliveryId: string },
): Promise<WebhookDelivery> {
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const delivery = await findWebhookDelivery(manager, { organizationId, id });
  if (!delivery) throw new NotFound('webhook delivery');
  return delivery;
}
