import { In, IsNull } from 'typeorm';
import type { TransactionContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { apiKeyDetails } from '#auth/services/api-key/issued-api-key.js';
import { personEntries } from '#auth/services/audit/record-audits.js';
import { deleteEndpointsOf } from '#auth/services/webhook/endpoints-of-person.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

const REASON = 'ADDRESS_CONFIRMED_BY_RESET';

/** What was cleared: events for the trail, and hashes for `forgetApiKeys` after the commit. */
interface Cleared {
  entries: AuditEntry[];
  hashes: string[];
}

/**
 * Clears what was set up before an address was confirmed, perhaps by another person than its owner: the second factor, API
 * keys and webhook endpoints.
 */
export async function clearSetUp(
  transaction: TransactionContext,
  { personId }: { personId: string },
): Promise<Cleared> {
  const { services, manager } = transaction;
  const { affected } = await manager.delete(TwoFactorEntity, { id: personId });
  const after = { reason: REASON };
  const entries = affected ? await personEntries(transaction, { personId, action: 'two-factor.reset', after }) : [];
  entries.push(...(await deleteEndpointsOf(transaction, { personId, reason: REASON })));
  const keys = await manager.find(ApiKeyEntity, { where: { createdBy: personId, revokedAt: IsNull() } });
  if (keys.length === 0) return { entries, hashes: [] };
  const ids = keys.map(({ id }) => id);
  const occurredAt = services.now();
  await manager.update(ApiKeyEntity, { id: In(ids) }, { revokedAt: occurredAt });
  for (const key of keys) {
    const { id, organizationId, name } = key;
    const data = { apiKeyId: id, name };
    await queueWebhookEvent(manager, { organizationId, type: 'api_key.revoked', data, occurredAt });
    const before = apiKeyDetails(key);
    entries.push({ organizationId, action: 'api-key.revoked', target: { type: 'ApiKey', id }, before, after });
  }
  const secrets = await manager.find(ApiKeySecretEntity, { where: { apiKeyId: In(ids) }, select: { hash: true } });
  return { entries, hashes: secrets.map(({ hash }) => hash) };
}
