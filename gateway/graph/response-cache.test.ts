import { describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { whoShares } from './response-cache.js';

describe('a remembered answer', () => {
  const viewer: Identity = { kind: 'user', organizationId: 'ours', role: 'VIEWER', scopes: [], requestId: 'one' };
  const key: Identity = { ...viewer, kind: 'apiKey', scopes: ['read:reports', 'read:campaigns'] };

  it('is shared by people of one role, and by keys with the same scopes', () => {
    expect(whoShares({ ...viewer, userId: 'another', requestId: 'two' })).toBe(whoShares(viewer));
    expect(whoShares({ ...key, scopes: key.scopes.toReversed() })).toBe(whoShares(key));
  });

  it.each<[string, Identity]>([
    ['another organization', { ...viewer, organizationId: 'theirs' }],
    ['another role', { ...viewer, role: 'ADMIN' }],
    ['a key', key],
    ['a service', { ...viewer, kind: 'service', role: undefined }],
    ['somebody who must set up a second factor before anything else', { ...viewer, mustSetUpTwoFactor: true }],
  ])('goes to nobody else: %s', (_who, other) => {
    expect(whoShares(other)).not.toBe(whoShares(viewer));
  });

  it('is no secret of an organization for those who have none', () => {
    expect(whoShares({ kind: 'anonymous', scopes: [], requestId: 'three' })).toBeNull();
  });
});
