import { MoreThan } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import type { ApiKeyIdentity } from '#runtime/identity/api-key-identity.js';
import { roleOfScopes } from '#runtime/identity/api-key-scopes.js';

const USED_EVERY_MS = 60_000;

async function recordUse({ services, manager }: ServiceContext, { id }: { id: string }): Promise<void> {
  const now = services.now();
  const query = manager.createQueryBuilder().update(ApiKeyEntity).set({ lastUsedAt: now }).where('id = :id', { id });
  const before = new Date(now.getTime() - USED_EVERY_MS);
  await query.andWhere('(last_used_at IS NULL OR last_used_at <= :before)', { before }).execute();
}

/**
 * Returns the identity of an API key by the hash of a secret, null for an invalid one. Records its use once a minute.
 */
export async function findApiKeyIdentity(
  context: ServiceContext,
  { hash }: { hash: string },
): Promise<ApiKeyIdentity | null> {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const { services, manager } = context;
  const now = services.now();
  const secret = await manager.findOneBy(ApiKeySecretEntity, { hash, validUntil: MoreThan(now) });
  if (!secret) return null;
  const { apiKeyId, organizationId } = secret;
  const apiKey = await manager.findOneBy(ApiKeyEntity, { id: apiKeyId, organizationId });
  if (!apiKey || apiKey.revokedAt || apiKey.expiresAt <= now) return null;
  await recordUse(context, apiKey);
  return {
    apiKeyId,
    organizationId,
    role: roleOfScopes(apiKey.scopes),
    scopes: apiKey.scopes,
    validUntil: secret.validUntil.toISOString(),
  };
}
