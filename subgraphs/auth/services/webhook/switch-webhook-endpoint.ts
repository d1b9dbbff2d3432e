import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Unauthenticated } from '#runtime/errors.js';
import {
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  getWebhookEndpoint,
  type WebhookEndpoint,
} from '#runtime/webhooks/endpoint.js';
import { limitChanges } from './limit-changes.js';

/** Enables or disables an endpoint; one that is as requested stays as it is. Throws NotFound. */
export async function switchWebhookEndpoint(
  context: ServiceContext,
  { endpointId: id, isEnabled }: { endpointId: string; isEnabled: boolean },
): Promise<WebhookEndpoint> {
  const { services, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const ref = { organizationId, id };
  await getWebhookEndpoint(context.manager, ref);
  await limitChanges(context, { organizationId });
  return inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const before = await getWebhookEndpoint(manager, { ...ref, isLocked: true });
    if (isEnabled === (before.disabledReason === null)) return before;
    const endpoint = isEnabled
      ? await enableWebhookEndpoint(manager, ref)
      : await disableWebhookEndpoint(manager, ref, { reason: 'BY_USER', at: services.now() });
    await audit(transaction, {
      organizationId,
      action: isEnabled ? 'webhook.enabled' : 'webhook.disabled',
      target: { type: 'WebhookEndpoint', id },
      before: { disabledReason: before.disabledReason },
      after: { disabledReason: endpoint.disabledReason },
    });
    return endpoint;
  });
}
