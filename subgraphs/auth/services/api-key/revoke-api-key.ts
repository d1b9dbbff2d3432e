import type { DataSource, EntityManager } from 'typeorm';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { apiKeyFacts } from './api-key-facts.js';
import { forgetApiKeys } from './forget-api-keys.js';
import { requireApiKey } from './require-api-key.js';

async function revoke(manager: EntityManager, identity: Identity, apiKey: ApiKey, now: Date): Promise<string[]> {
  const { id, organizationId } = apiKey;
  await manager.update(ApiKeyEntity, { id, organizationId }, { revokedAt: now });
  await recordAudit(manager, identity, {
    organizationId,
    action: 'api-key.revoked',
    target: { type: 'ApiKey', id },
    before: apiKeyFacts(apiKey),
  });
  const secrets = await manager.findBy(ApiKeySecretEntity, { apiKeyId: id, organizationId });
  return secrets.map(({ hash }) => hash);
}

/** Ends a key with all of its secrets. Throws NotFound, also for one that was revoked before. */
export async function revokeApiKey(
  services: Services,
  database: DataSource,
  identity: Identity,
  organizationId: string,
  id: string,
): Promise<void> {
  const hashes = await database.transaction(async (manager) =>
    revoke(manager, identity, await requireApiKey(manager, organizationId, id), services.now()),
  );
  await forgetApiKeys(services, hashes);
}
