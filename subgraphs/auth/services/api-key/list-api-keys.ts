import { IsNull } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';

const MAX_LISTED = 1_000;

/** Returns the keys that are not revoked, expired ones included, the oldest first. */
export function listApiKeys(
  { manager }: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<ApiKey[]> {
  const where = { organizationId, revokedAt: IsNull() };
  return manager.find(ApiKeyEntity, { where, order: { createdAt: 'ASC', id: 'ASC' }, take: MAX_LISTED });
}
