import { IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson } from '#auth/services/member/acting-person.js';
import { type Confirmation, confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { Conflict } from '#runtime/errors.js';
import { isApiKeyScope, isReadScope } from '#runtime/identity/api-key-scopes.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { nameUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { apiKeyDetails, expiryOf, type IssuedApiKey, issueSecret, requireIssuer } from './issued-api-key.js';
import { mailKeyIssued } from './mail-key-issued.js';

const MAX_KEYS = 100;
const DEFAULT_DAYS = 365;

const input = (maxDays: number) =>
  z
    .object({
      name: nameUpTo(100),
      scopes: z
        .array(z.string().refine(isApiKeyScope, 'is not a scope: see Query.apiKeyScopes'))
        .min(1, 'must name at least one scope')
        .transform((scopes) => [...new Set(scopes)].sort()),
      isTest: z.boolean(),
      expiresInDays: z
        .int()
        .min(1, 'must be at least 1')
        .max(maxDays, `must be at most ${maxDays}`)
        .nullish()
        .transform((days) => days ?? Math.min(DEFAULT_DAYS, maxDays)),
    })
    .refine(({ isTest, scopes }) => !isTest || scopes.every(isReadScope), {
      path: ['scopes'],
      message: 'must all begin with read: for a test key',
    });

async function requireRoom(
  { services, manager }: TransactionContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  // Locked, so that concurrent keys are counted.
  await manager.findOne(OrganizationEntity, { where: { id: organizationId }, lock: { mode: 'pessimistic_write' } });
  const alive = { organizationId, revokedAt: IsNull(), expiresAt: MoreThan(services.now()) };
  if ((await manager.countBy(ApiKeyEntity, alive)) < MAX_KEYS) return;
  throw new Conflict(`There are ${MAX_KEYS} API keys already: revoke one that nobody uses.`);
}

/**
 * Creates an API key of the caller's organization, with scopes of at most their role, and informs administrators by mail.
 * Throws InvalidInput, as `confirmCaller` does, or Conflict when there are too many.
 */
export async function createApiKey(
  context: ServiceContext,
  given: z.input<ReturnType<typeof input>> & Confirmation,
): Promise<IssuedApiKey> {
  const { services, identity } = context;
  const actor = actingPerson(identity);
  const { organizationId, userId } = actor;
  const { name, scopes, isTest, expiresInDays } = parseInput(input(services.config.apiKeyMaxDays), given);
  await confirmCaller(context, given);
  const now = services.now();
  const issued = await inTransaction(context, async (transaction) => {
    await requireIssuer(transaction, { actor, scopes });
    await requireRoom(transaction, { organizationId });
    const apiKey = await transaction.manager.save(ApiKeyEntity, {
      organizationId,
      name,
      kind: isTest ? 'test' : 'live',
      scopes,
      lifetimeDays: expiresInDays,
      createdBy: userId,
      createdAt: now,
      expiresAt: expiryOf(now, expiresInDays),
      revokedAt: null,
      lastUsedAt: null,
      expiryWarnedAt: null,
    });
    const secret = await issueSecret(transaction, { apiKey, createdAt: now });
    const target = { type: 'ApiKey', id: apiKey.id };
    await mailKeyIssued(transaction, { apiKey, how: 'created' });
    const expiresAt = apiKey.expiresAt.toISOString();
    const data = { apiKeyId: apiKey.id, name, scopes, expiresAt };
    await queueWebhookEvent(transaction.manager, { organizationId, type: 'api_key.created', data, occurredAt: now });
    await audit(transaction, { organizationId, action: 'api-key.created', target, after: apiKeyDetails(apiKey) });
    return { apiKey, secret };
  });
  await deliverSoon(services);
  await deliverWebhooksSoon(services);
  return issued;
}
