import { type EntityManager, IsNull } from 'typeorm';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

/**
 * Returns a key of an organization that is not revoked, locked: what is done to one key is done in turn.
 * Throws NotFound.
 */
export async function requireApiKey(manager: EntityManager, organizationId: string, id: string): Promise<ApiKey> {
  const where = { id, organizationId, revokedAt: IsNull() };
  const apiKey = isRowId(id)
    ? await manager.findOne(ApiKeyEntity, { where, lock: { mode: 'pessimistic_write' } })
    : null;
  if (!apiKey) throw new NotFound('API key');
  return apiKey;
}
