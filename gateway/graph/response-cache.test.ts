import { describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { privateCacheKey, withoutLongAnswers } from './response-cache.js';

describe('a cached private answer', () => {
  const viewer: Identity = { kind: 'user', organizationId: 'ours', role: 'VIEWER', scopes: [], requestId: 'one' };
  const key: Identity = { ...viewer, kind: 'apiKey', scopes: ['read:reports', 'read:campaigns'] };

  it('is shared by users of one role, and by keys with the same scopes', () => {
    expect(privateCacheKey({ ...viewer, userId: 'another', requestId: 'two' })).toBe(privateCacheKey(viewer));
    expect(privateCacheKey({ ...key, scopes: key.scopes.toReversed() })).toBe(privateCacheKey(key));
  });

  it.each<[string, Identity]>([
    ['another organization', { ...viewer, organizationId: 'theirs' }],
    ['another role', { ...viewer, role: 'ADMIN' }],
    ['a member with another right', { ...viewer, rights: ['BILLING'] }],
    ['a member limited to a client', { ...viewer, clientIds: ['acme'] }],
    ['a member limited to no client', { ...viewer, clientIds: [] }],
    ['a key', key],
    ['a service', { ...viewer, kind: 'service', role: undefined }],
    ['a user who must set up a second factor', { ...viewer, mustSetUpTwoFactor: true }],
  ])('is not shared with %s', (_who, other) => {
    expect(privateCacheKey(other)).not.toBe(privateCacheKey(viewer));
  });

  it('is shared by members limited to the same clients, and with no others', () => {
    const limited = { ...viewer, clientIds: ['acme', 'bolt'] };
    expect(privateCacheKey({ ...limited, clientIds: ['bolt', 'acme'] })).toBe(privateCacheKey(limited));
    for (const clientIds of [['acme'], ['acme', 'bolt', 'core'], []])
      expect(privateCacheKey({ ...limited, clientIds })).not.toBe(privateCacheKey(limited));
  });

  it('does not exist without an organization', () => {
    expect(privateCacheKey({ kind: 'anonymous', scopes: [], requestId: 'three' })).toBeNull();
  });
});

it('an answer that is very long is not cached', async () => {
  const kept = new Map<string, string>();
  const cache = withoutLongAnswers({
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    delete: async (key) => kept.delete(key),
  });
  await cache.set('short', 'x'.repeat(512 * 1024));
  await cache.set('long', 'x'.repeat(512 * 1024 + 1));
  expect([...kept.keys()]).toEqual(['short']);
});
