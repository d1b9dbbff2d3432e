import { type DataSource, IsNull } from 'typeorm';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';

// Those that expired stay in the list, to be rotated or revoked.
const MAX_LISTED = 1_000;

/** Returns the keys of an organization that are not revoked, the oldest first. */
export function listApiKeys(database: DataSource, organizationId: string): Promise<ApiKey[]> {
  const where = { organizationId, revokedAt: IsNull() };
  return database.manager.find(ApiKeyEntity, { where, order: { createdAt: 'ASC', id: 'ASC' }, take: MAX_LISTED });
}
