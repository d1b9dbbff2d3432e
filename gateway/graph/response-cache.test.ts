import { describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { privateCacheKey } from './response-cache.js';

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
    ['a key', key],
    ['a service', { ...viewer, kind: 'service', role: undefined }],
    ['a user who must set up a second factor', { ...viewer, mustSetUpTwoFactor: true }],
  ])('is not shared with %s', (_who, other) => {
    expect(privateCacheKey(other)).not.toBe(privateCacheKey(viewer));
  });

  it('does not exist without an organization', () => {
    expect(privateCacheKey({ kind: 'anonymous', scopes: [], requestId: 'three' })).toBeNull();
  });
});
