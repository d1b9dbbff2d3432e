import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { createIdempotencyKeys } from '#runtime/idempotency/idempotency-keys.js';
import type { Identity } from '#runtime/identity/identity.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { runIdempotently } from './run-idempotently.js';

it('leaves the keys of others in its organization to them, but all API keys share theirs', async () => {
  const { operations, requestLimits, lifecycle, logger, now } = await openTestServices();
  const limit = requestLimits.open({ name: 'keys', points: 2, windowSeconds: 24 * 60 * 60 });
  const keys = createIdempotencyKeys({ operations, sealer: Sealer.whenUsed(() => [Buffer.alloc(32)]), limit, now });
  const cachePolicy = { maxAge: 0, scope: 'PRIVATE' } as const;
  const execute = runIdempotently(async () => ({ data: { done: true }, cachePolicy }) as never, keys, logger);
  const organizationId = randomUUID();
  const send = async (caller: Partial<Identity>) => {
    const idempotency = { key: randomUUID(), request: 'hash' };
    const identity = { kind: 'user', scopes: [], requestId: 'r', organizationId, idempotency, ...caller } as Identity;
    const { errors: [error] = [] } = await execute({ query: 'mutation { done }' } as never, identity);
    return error?.extensions?.code ?? 'done';
  };
  const sendAll = async (...callers: Partial<Identity>[]) => {
    const codes: unknown[] = [];
    for (const caller of callers) codes.push(await send(caller));
    return codes;
  };
  const viewer = { userId: 'viewer' };
  expect(await sendAll(viewer, viewer, viewer)).toEqual(['done', 'done', 'RATE_LIMITED']);
  const key = (apiKeyId: string) => ({ kind: 'apiKey', apiKeyId }) as const;
  expect(await sendAll(key('one'), key('two'), key('two'))).toEqual(['done', 'done', 'RATE_LIMITED']);
  expect(await sendAll({ userId: 'owner' }, { ...viewer, organizationId: randomUUID() })).toEqual(['done', 'done']);
  await lifecycle.close();
});
