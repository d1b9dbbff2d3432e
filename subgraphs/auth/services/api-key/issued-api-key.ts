import { IsNull } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { type Actor, actingRole, requireRole } from '#auth/services/member/acting-person.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import { hashApiKey, newApiKey, visiblePrefix } from '#runtime/identity/api-key.js';
import { apiKeyIdentityCache } from '#runtime/identity/api-key-identity.js';
import { roleOfScopes } from '#runtime/identity/api-key-scopes.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A key and its new secret. */
export interface IssuedApiKey {
  apiKey: ApiKey;
  secret: string;
}

/** Throws Forbidden unless the caller is an administrator now, whose role includes that of the scopes. */
export async function requireIssuer(
  transaction: TransactionContext,
  { actor, scopes }: { actor: Actor; scopes: string[] },
): Promise<void> {
  const role = await actingRole(transaction, actor);
  requireRole(role, 'ADMIN');
  requireRole(role, roleOfScopes(scopes));
}

/** Adds a secret to a key and returns it. */
export async function issueSecret(
  { manager }: TransactionContext,
  { apiKey, createdAt }: { apiKey: ApiKey; createdAt: Date },
): Promise<string> {
  const secret = newApiKey(apiKey.kind);
  await manager.insert(ApiKeySecretEntity, {
    hash: hashApiKey(secret),
    apiKeyId: apiKey.id,
    organizationId: apiKey.organizationId,
    prefix: visiblePrefix(secret),
    createdAt,
    replacedAt: null,
    validUntil: apiKey.expiresAt,
  });
  return secret;
}

/** Returns when a key issued or rotated at `from` expires. */
export function expiryOf(from: Date, lifetimeDays: number): Date {
  return new Date(from.getTime() + lifetimeDays * DAY_MS);
}

/** Returns a key that is not revoked, locked. Throws NotFound. */
export async function requireApiKey(
  { manager }: TransactionContext,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<ApiKey> {
  const where = { id, organizationId, revokedAt: IsNull() };
  const lock = { mode: 'pessimistic_write' } as const;
  const apiKey = isRowId(id) ? await manager.findOne(ApiKeyEntity, { where, lock }) : null;
  if (!apiKey) throw new NotFound('API key');
  return apiKey;
}

/** Returns the details of a key for the audit trail. */
export function apiKeyDetails({ name, kind, scopes, expiresAt }: ApiKey): Record<string, unknown> {
  return { name, kind, scopes, expiresAt: expiresAt.toISOString() };
}

/** Removes secrets from the gateways' identity cache. Call it after the commit. */
export async function forgetApiKeys(
  { services }: Pick<ServiceContext, 'services'>,
  { hashes }: { hashes: string[] },
): Promise<void> {
  const cache = apiKeyIdentityCache(services.cache);
  await Promise.all(hashes.map((hash) => cache.delete(hash)));
}
