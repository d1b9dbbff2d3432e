import { IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { nameUpTo } from '#auth/services/person/account-input.js';
import { Conflict, Unauthenticated } from '#runtime/errors.js';
import { isApiKeyScope, isReadScope } from '#runtime/identity/api-key-scopes.js';
import { parseInput } from '#runtime/parse-input.js';
import { apiKeyDetails, expiryOf, type IssuedApiKey, issueSecret } from './issued-api-key.js';

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

/** Creates an API key of the caller's organization. Throws InvalidInput, or Conflict when there are too many. */
export async function createApiKey(
  context: ServiceContext,
  given: z.input<ReturnType<typeof input>>,
): Promise<IssuedApiKey> {
  const { services, identity } = context;
  const { organizationId, userId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { name, scopes, isTest, expiresInDays } = parseInput(input(services.config.apiKeyMaxDays), given);
  const now = services.now();
  return inTransaction(context, async (transaction) => {
    await requireRoom(transaction, { organizationId });
    const apiKey = await transaction.manager.save(ApiKeyEntity, {
      organizationId,
      name,
      kind: isTest ? 'test' : 'live',
      scopes,
      lifetimeDays: expiresInDays,
      createdBy: userId ?? null,
      createdAt: now,
      expiresAt: expiryOf(now, expiresInDays),
      revokedAt: null,
      lastUsedAt: null,
      expiryWarnedAt: null,
    });
    const secret = await issueSecret(transaction, { apiKey, createdAt: now });
    const target = { type: 'ApiKey', id: apiKey.id };
    await audit(transaction, { organizationId, action: 'api-key.created', target, after: apiKeyDetails(apiKey) });
    return { apiKey, secret };
  });
}
