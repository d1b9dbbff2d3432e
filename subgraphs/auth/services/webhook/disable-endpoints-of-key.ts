import type { TransactionContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { disableWebhookEndpoint, listWebhookEndpoints } from '#runtime/webhooks/endpoint.js';

/** Disables the enabled endpoints that an API key created: a stolen key may have chosen where events go. */
export async function disableEndpointsOfKey(
  transaction: TransactionContext,
  { organizationId, apiKeyId }: { organizationId: string; apiKeyId: string },
): Promise<void> {
  const { services, manager } = transaction;
  const endpoints = await listWebhookEndpoints(manager, { organizationId });
  const ofKey = endpoints.filter(({ createdBy, disabledReason }) => createdBy === apiKeyId && disabledReason === null);
  for (const { id } of ofKey) {
    const ref = { organizationId, id };
    const { disabledReason } = await disableWebhookEndpoint(manager, ref, {
      reason: 'KEY_REVOKED',
      at: services.now(),
    });
    await audit(transaction, {
      organizationId,
      action: 'webhook.disabled',
      target: { type: 'WebhookEndpoint', id },
      before: { disabledReason: null },
      after: { disabledReason },
    });
  }
}
