import { describe, expect, it } from '@jest/globals';
import type { Needs } from './judge.js';
import { entityPolicyNameOf, needsOfPolicy, policyNameOf, policyOfEntity } from './policy-name.js';

const all: [string, Needs][] = [
  ['anyone', { who: 'anyone' }],
  ['service', { who: 'service' }],
  ['ADMIN', { who: 'ADMIN' }],
  ['OWNER orRight:BILLING', { who: 'OWNER', right: 'BILLING' }],
  ['signedIn withScope:read:billing', { who: 'signedIn', scope: 'read:billing' }],
  ['signedIn withAnyScope withinClients', { who: 'signedIn', scope: 'any', isWithinClients: true }],
  ['ADMIN orKeyWith:read:webhooks', { who: 'ADMIN', scope: 'read:webhooks', isScopeEnough: true }],
  [
    'signedIn forSetUp withoutOrganization withinClients beginsSession',
    { who: 'signedIn', isForSetUp: true, isWithoutOrganization: true, isWithinClients: true, beginsSession: true },
  ],
];

describe('the name of a policy', () => {
  it.each(all)('is %s', (name, needs) => {
    expect(policyNameOf(needs)).toBe(name);
    expect(needsOfPolicy(name)).toEqual(needs);
  });

  it('does not say whether it is open while the organization can only read', () => {
    expect(policyNameOf({ who: 'ADMIN', isForReadOnly: true })).toBe('ADMIN');
  });

  it.each([
    '',
    'owner',
    'ADMIN ',
    'ADMIN  withinClients',
    'ADMIN withinClients forSetUp',
    'ADMIN withScope:read:everything',
    'ADMIN withScope:',
    'ADMIN orRight:ROOT',
    'ADMIN toString',
    'ADMIN isForReadOnly',
    'profile:read',
  ])('demands nothing we know as "%s"', (name) => {
    expect(needsOfPolicy(name)).toBeUndefined();
  });

  it('says whether it holds by key only', () => {
    expect(entityPolicyNameOf({ who: 'ADMIN' })).toBe('entity ADMIN');
    expect(policyOfEntity('entity ADMIN')).toBe('ADMIN');
    expect(policyOfEntity('ADMIN')).toBeUndefined();
    expect(needsOfPolicy('entity ADMIN')).toBeUndefined();
  });
});
