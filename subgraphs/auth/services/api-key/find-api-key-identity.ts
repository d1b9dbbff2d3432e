import { type DataSource, MoreThan } from 'typeorm';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import type { ApiKeyIdentity } from '#runtime/identity/api-key-identity.js';
import { isApiKeyScope, isReadScope } from '#runtime/identity/api-key-scopes.js';

const USED_EVERY_MS = 60_000;

async function noteUse(database: DataSource, id: string, now: Date): Promise<void> {
  const query = database.createQueryBuilder().update(ApiKeyEntity).set({ lastUsedAt: now }).where('id = :id', { id });
  const before = new Date(now.getTime() - USED_EVERY_MS);
  await query.andWhere('(last_used_at IS NULL OR last_used_at <= :before)', { before }).execute();
}

/**
 * Returns whom a key stands for by the hash of one of its secrets, or null when it does not work (any more). Notes that it
 * is used, at most once a minute. Looked up by what SHA-256 makes of 256 random bits, the time it takes tells nothing of
 * them.
 */
export async function findApiKeyIdentity(
  database: DataSource,
  hash: string,
  now: Date,
): Promise<ApiKeyIdentity | null> {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const secret = await database.manager.findOneBy(ApiKeySecretEntity, { hash, validUntil: MoreThan(now) });
  if (!secret) return null;
  const { apiKeyId, organizationId } = secret;
  const apiKey = await database.manager.findOneBy(ApiKeyEntity, { id: apiKeyId, organizationId });
  if (!apiKey || apiKey.revokedAt || apiKey.expiresAt <= now) return null;
  await noteUse(database, apiKey.id, now);
  // Never more than somebody who makes reports may, and no more than is needed.
  const isReader = apiKey.scopes.filter(isApiKeyScope).every(isReadScope);
  return {
    apiKeyId,
    organizationId,
    role: isReader ? 'VIEWER' : 'ANALYST',
    scopes: apiKey.scopes,
    validUntil: secret.validUntil.toISOString(),
  };
}
