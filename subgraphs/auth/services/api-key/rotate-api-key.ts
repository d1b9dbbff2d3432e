import { type DataSource, IsNull } from 'typeorm';
import { z } from 'zod';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';
import { apiKeyFacts } from './api-key-facts.js';
import { endOfLife, type IssuedApiKey, issueSecret } from './create-api-key.js';
import { forgetApiKeys } from './forget-api-keys.js';
import { requireApiKey } from './require-api-key.js';

const HOUR_MS = 60 * 60 * 1000;
const MAX_OVERLAP_HOURS = 168;

const input = z.object({
  overlapHours: z.int().min(0, 'must be at least 0').max(MAX_OVERLAP_HOURS, `must be at most ${MAX_OVERLAP_HOURS}`),
});

/**
 * Gives a key a new secret and a new life as long as its first, or as the installation now allows. The secret it had works
 * for the overlap, but no longer than it would have; one from before that ends. Throws NotFound and InvalidInput.
 */
export async function rotateApiKey(
  services: Services,
  database: DataSource,
  identity: Identity,
  organizationId: string,
  given: { apiKeyId: string; overlapHours: number },
): Promise<IssuedApiKey> {
  const { overlapHours } = parseInput(input, given);
  const { issued, hashes } = await database.transaction(async (manager) => {
    const apiKey = await requireApiKey(manager, organizationId, given.apiKeyId);
    const before = apiKeyFacts(apiKey);
    const now = services.now();
    const secrets = await manager.findBy(ApiKeySecretEntity, { apiKeyId: apiKey.id, organizationId });
    const current = secrets.find(({ replacedAt }) => replacedAt === null);
    await manager.update(ApiKeySecretEntity, { apiKeyId: apiKey.id, organizationId }, { validUntil: now });
    if (current) {
      const end = Math.min(current.validUntil.getTime(), now.getTime() + overlapHours * HOUR_MS);
      const validUntil = new Date(Math.max(end, now.getTime()));
      const newest = { apiKeyId: apiKey.id, organizationId, replacedAt: IsNull() };
      await manager.update(ApiKeySecretEntity, newest, { replacedAt: now, validUntil });
    }
    const days = Math.min(apiKey.lifetimeDays, services.config.apiKeyMaxDays);
    const rotated = await manager.save(ApiKeyEntity, {
      ...apiKey,
      expiresAt: endOfLife(now, days),
      expiryWarnedAt: null,
    });
    const secret = await issueSecret(manager, rotated, now);
    await recordAudit(manager, identity, {
      organizationId,
      action: 'api-key.rotated',
      target: { type: 'ApiKey', id: apiKey.id },
      before,
      after: { ...apiKeyFacts(rotated), overlapHours },
    });
    return { issued: { apiKey: rotated, secret }, hashes: secrets.map(({ hash }) => hash) };
  });
  await forgetApiKeys(services, hashes);
  return issued;
}
