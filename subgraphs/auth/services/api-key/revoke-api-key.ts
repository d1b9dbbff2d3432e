import { inTransaction, type ServiceContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { disableEndpointsOfKey } from '#auth/services/webhook/disable-endpoints-of-key.js';
import { Unauthenticated } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { apiKeyDetails, forgetApiKeys, requireApiKey } from './issued-api-key.js';

/**
 * Revokes a key of the caller's organization, and disables the webhook endpoints it created. Throws NotFound, also for a
 * revoked one.
 */
export async function revokeApiKey(
  context: ServiceContext,
  { apiKeyId }: { apiKeyId: string },
): Promise<{ apiKeyId: string }> {
  const { services, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const secrets = await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const apiKey = await requireApiKey(transaction, { organizationId, id: apiKeyId });
    const { id } = apiKey;
    await manager.update(ApiKeyEntity, { id, organizationId }, { revokedAt: services.now() });
    await disableEndpointsOfKey(transaction, { organizationId, apiKeyId: id });
    const data = { apiKeyId: id, name: apiKey.name };
    await queueWebhookEvent(manager, { organizationId, type: 'api_key.revoked', data, occurredAt: services.now() });
    const target = { type: 'ApiKey', id };
    await audit(transaction, { organizationId, action: 'api-key.revoked', target, before: apiKeyDetails(apiKey) });
    return manager.findBy(ApiKeySecretEntity, { apiKeyId: id, organizationId });
  });
  await forgetApiKeys(context, { hashes: secrets.map(({ hash }) => hash) });
  await deliverWebhooksSoon(services);
  return { apiKeyId };
}
