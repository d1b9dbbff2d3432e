import { type DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { nameUpTo } from '#auth/services/person/account-input.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import { hashApiKey, newApiKey, visiblePrefix } from '#runtime/identity/api-key.js';
import { isApiKeyScope, isReadScope } from '#runtime/identity/api-key-scopes.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';
import { apiKeyFacts } from './api-key-facts.js';

const MAX_KEYS = 100;
const DEFAULT_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;

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

/** A key and the secret that nobody can be shown again. */
export interface IssuedApiKey {
  apiKey: ApiKey;
  secret: string;
}

/** Gives a key a secret that works as long as the key. Returns it. */
export async function issueSecret(manager: EntityManager, apiKey: ApiKey, createdAt: Date): Promise<string> {
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

/** Returns when a key that begins its life at `from` stops working. */
export function endOfLife(from: Date, lifetimeDays: number): Date {
  return new Date(from.getTime() + lifetimeDays * DAY_MS);
}

async function requireRoom(manager: EntityManager, organizationId: string, now: Date): Promise<void> {
  // Whoever else creates a key of this organization waits, so that none is counted twice or not at all.
  await manager.findOne(OrganizationEntity, { where: { id: organizationId }, lock: { mode: 'pessimistic_write' } });
  const alive = { organizationId, revokedAt: IsNull(), expiresAt: MoreThan(now) };
  if ((await manager.countBy(ApiKeyEntity, alive)) < MAX_KEYS) return;
  throw new Conflict(`There are ${MAX_KEYS} API keys already: revoke one that nobody uses.`);
}

/** Creates a key of the caller's organization. Throws InvalidInput, or Conflict when there are too many. */
export async function createApiKey(
  services: Services,
  database: DataSource,
  identity: Identity,
  organizationId: string,
  given: z.input<ReturnType<typeof input>>,
): Promise<IssuedApiKey> {
  const { name, scopes, isTest, expiresInDays } = parseInput(input(services.config.apiKeyMaxDays), given);
  const now = services.now();
  return database.transaction(async (manager) => {
    await requireRoom(manager, organizationId, now);
    const apiKey = await manager.save(ApiKeyEntity, {
      organizationId,
      name,
      kind: isTest ? 'test' : 'live',
      scopes,
      lifetimeDays: expiresInDays,
      createdBy: identity.userId ?? null,
      createdAt: now,
      expiresAt: endOfLife(now, expiresInDays),
      revokedAt: null,
      lastUsedAt: null,
      expiryWarnedAt: null,
    });
    const secret = await issueSecret(manager, apiKey, now);
    const target = { type: 'ApiKey', id: apiKey.id };
    await recordAudit(manager, identity, {
      organizationId,
      action: 'api-key.created',
      target,
      after: apiKeyFacts(apiKey),
    });
    return { apiKey, secret };
  });
}
