import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { type ApiKeySecret, ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';

/** Loads the secrets of keys of one organization, the newest first. */
export function secretsByApiKey(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, ApiKeySecret[]> {
  return new DataLoader(async (ids) => {
    if (!organizationId) return ids.map(() => []);
    const where = { organizationId, apiKeyId: In([...ids]) };
    const secrets = await database.manager.find(ApiKeySecretEntity, { where, order: { createdAt: 'DESC' } });
    return ids.map((id) => secrets.filter(({ apiKeyId }) => apiKeyId === id));
  });
}
