import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Unauthenticated } from '#runtime/errors.js';
import { getWebhookEndpoint, deleteWebhookEndpoint as remove } from '#runtime/webhooks/endpoint.js';
import { endpointDetails } from './endpoint-input.js';

/** Deletes an endpoint with its deliveries. Throws NotFound. */
export async function deleteWebhookEndpoint(
  context: ServiceContext,
  { endpointId: id }: { endpointId: string },
): Promise<{ endpointId: string }> {
  const { organizationId } = context.identity;
  if (!organizationId) throw new Unauthenticated();
  await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const endpoint = await getWebhookEndpoint(manager, { organizationId, id, isLocked: true });
    await remove(manager, { organizationId, id });
    const target = { type: 'WebhookEndpoint', id };
    await audit(transaction, { organizationId, action: 'webhook.deleted', target, before: endpointDetails(endpoint) });
  });
  return { endpointId: id };
}
