import { IsNull } from 'typeorm';
import { z } from 'zod';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { type ApiKeySecret, ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson } from '#auth/services/member/acting-person.js';
import { type Confirmation, confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import {
  apiKeyDetails,
  expiryOf,
  forgetApiKeys,
  type IssuedApiKey,
  issueSecret,
  requireApiKey,
  requireIssuer,
} from './issued-api-key.js';
import { mailKeyIssued } from './mail-key-issued.js';

const HOUR_MS = 60 * 60 * 1000;
const MAX_OVERLAP_HOURS = 168;

const input = z.object({
  overlapHours: z.int().min(0, 'must be at least 0').max(MAX_OVERLAP_HOURS, `must be at most ${MAX_OVERLAP_HOURS}`),
});

/** Ends every secret of a key, the current one after the overlap at the latest. */
async function retireSecrets(
  { manager }: TransactionContext,
  { apiKey, overlapHours, now }: { apiKey: ApiKey; overlapHours: number; now: Date },
): Promise<ApiKeySecret[]> {
  const ofKey = { apiKeyId: apiKey.id, organizationId: apiKey.organizationId };
  const secrets = await manager.findBy(ApiKeySecretEntity, ofKey);
  const current = secrets.find(({ replacedAt }) => replacedAt === null);
  await manager.update(ApiKeySecretEntity, ofKey, { validUntil: now });
  if (current) {
    const end = Math.min(current.validUntil.getTime(), now.getTime() + overlapHours * HOUR_MS);
    const validUntil = new Date(Math.max(end, now.getTime()));
    await manager.update(ApiKeySecretEntity, { ...ofKey, replacedAt: IsNull() }, { replacedAt: now, validUntil });
  }
  return secrets;
}

/**
 * Issues a new secret of a key and renews the key for its lifetime. The current secret stays valid for the overlap.
 * Administrators are informed by mail. Throws NotFound, InvalidInput, and as `confirmCaller` does.
 */
export async function rotateApiKey(
  context: ServiceContext,
  given: { apiKeyId: string; overlapHours: number } & Confirmation,
): Promise<IssuedApiKey> {
  const { services, identity } = context;
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  const { overlapHours } = parseInput(input, given);
  await confirmCaller(context, given);
  const { issued, hashes } = await inTransaction(context, async (transaction) => {
    const apiKey = await requireApiKey(transaction, { organizationId, id: given.apiKeyId });
    await requireIssuer(transaction, { actor, scopes: apiKey.scopes });
    const before = apiKeyDetails(apiKey);
    const now = services.now();
    const secrets = await retireSecrets(transaction, { apiKey, overlapHours, now });
    const days = Math.min(apiKey.lifetimeDays, services.config.apiKeyMaxDays);
    const renewal = { ...apiKey, expiresAt: expiryOf(now, days), expiryWarnedAt: null };
    const rotated = await transaction.manager.save(ApiKeyEntity, renewal);
    const secret = await issueSecret(transaction, { apiKey: rotated, createdAt: now });
    const after = { ...apiKeyDetails(rotated), overlapHours };
    const target = { type: 'ApiKey', id: apiKey.id };
    await mailKeyIssued(transaction, { apiKey: rotated, how: 'rotated' });
    const data = { apiKeyId: rotated.id, name: rotated.name, expiresAt: rotated.expiresAt.toISOString() };
    await queueWebhookEvent(transaction.manager, { organizationId, type: 'api_key.rotated', data, occurredAt: now });
    await audit(transaction, { organizationId, action: 'api-key.rotated', target, before, after });
    return { issued: { apiKey: rotated, secret }, hashes: secrets.map(({ hash }) => hash) };
  });
  await forgetApiKeys(context, { hashes });
  await deliverSoon(services);
  await deliverWebhooksSoon(services);
  return issued;
}
