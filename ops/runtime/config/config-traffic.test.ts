import { availableParallelism } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

const problemsOf = (given: Record<string, string>) => {
  try {
    parseConfig(given);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

describe('the traffic settings', () => {
  it('limit clients, except in tests, which call from one address', () => {
    const byPlan = { signedInLimit: undefined, costLimit: undefined };
    expect(parseConfig({}).traffic).toEqual({
      anonymousLimit: 100,
      ...byPlan,
      signInLimit: 5,
      hasIntrospection: true,
      trustedDocuments: { mode: 'off', paths: [] },
      confirmsSignUps: undefined,
      trustedProxies: false,
    });
    const none = { anonymousLimit: 0, signedInLimit: 0, costLimit: 0, signInLimit: 0 };
    expect(parseConfig({ NODE_ENV: 'test' }).traffic).toMatchObject(none);
    const given = { NODE_ENV: 'test', RATE_LIMIT_ANONYMOUS: '5', RATE_LIMIT_SIGN_IN: '3', COST_LIMIT: '1000' };
    const some = { anonymousLimit: 5, signedInLimit: 0, costLimit: 1_000, signInLimit: 3 };
    expect(parseConfig(given).traffic).toMatchObject(some);
  });

  it.each<[string, string[] | number | false]>([
    ['0', false],
    ['2', 2],
    ['10.0.0.0/8, 192.0.2.1', ['10.0.0.0/8', '192.0.2.1']],
    ['2001:db8::/32', ['2001:db8::/32']],
  ])('trust the proxies in "%s"', (text, expected) => {
    expect(parseConfig({ TRUSTED_PROXIES: text }).traffic.trustedProxies).toEqual(expected);
  });

  it.each(['true', '*', '10.0.0.0/33', '10.0.0.0/', '10.0.0', 'proxy.example.com', '10.0.0.0/8/8'])(
    'refuse "%s", which would trust no proxy or all',
    (text) => {
      expect(problemsOf({ TRUSTED_PROXIES: text })).toContain('TRUSTED_PROXIES must list addresses or networks');
    },
  );

  it('turn the explorer on and off', () => {
    const hasExplorer = (text: string) => parseConfig({ EXPLORER: text }).hasExplorer;
    expect(['', 'on', 'off'].map(hasExplorer)).toEqual([true, true, false]);
    expect(problemsOf({ EXPLORER: 'yes' })).toContain('EXPLORER must be on or off');
  });

  it('turn introspection on and off', () => {
    const { trustedDocuments } = parseConfig({
      TRUSTED_DOCUMENTS: 'a, b.json',
      TRUSTED_DOCUMENTS_MODE: 'require',
    }).traffic;
    expect(trustedDocuments).toEqual({ mode: 'require', paths: ['a', 'b.json'] });
    expect(problemsOf({ TRUSTED_DOCUMENTS_MODE: 'report' })).toContain('TRUSTED_DOCUMENTS must name the manifests');
    expect(problemsOf({ TRUSTED_DOCUMENTS_MODE: 'on' })).toContain(
      'TRUSTED_DOCUMENTS_MODE must be off, report or require',
    );
    const hasIntrospection = (text: string) => parseConfig({ GRAPHQL_INTROSPECTION: text }).traffic.hasIntrospection;
    expect(['on', 'off'].map(hasIntrospection)).toEqual([true, false]);
    expect(problemsOf({ GRAPHQL_INTROSPECTION: 'yes' })).toContain('GRAPHQL_INTROSPECTION must be on or off');
  });

  it('turn the confirmation of sign-ups on and off', () => {
    const confirmsSignUps = (text: string) => parseConfig({ SIGN_UP_CONFIRMATION: text }).traffic.confirmsSignUps;
    expect(['on', 'off'].map(confirmsSignUps)).toEqual([true, false]);
    expect(problemsOf({ SIGN_UP_CONFIRMATION: 'yes' })).toContain('SIGN_UP_CONFIRMATION must be on or off');
  });

  it.each(['-1', '1.5', 'many'])('refuse a limit of "%s"', (text) => {
    expect(problemsOf({ RATE_LIMIT_ANONYMOUS: text })).toContain('RATE_LIMIT_ANONYMOUS must be a number of requests');
  });
});

describe('GATEWAY_PROCESSES', () => {
  const subgraphNames = ['auth', 'billing'];
  const distributed = {
    REDIS_URL: 'redis://localhost:6379',
    SUBGRAPH_AUTH_URL: 'http://localhost:4001/graphql',
    SUBGRAPH_BILLING_URL: 'http://localhost:4004/graphql',
  };
  const processesOf = (GATEWAY_PROCESSES: string, given: Record<string, string> = distributed) =>
    parseConfig({ ...given, GATEWAY_PROCESSES }, subgraphNames).gatewayProcesses;

  it('is a number, or one per core; one by default', () => {
    expect(parseConfig({}, subgraphNames).gatewayProcesses).toBe(1);
    expect(processesOf('3')).toBe(3);
    expect(processesOf('auto')).toBe(availableParallelism());
    expect(processesOf('1', {})).toBe(1);
  });

  it.each(['0', '-1', '1.5', '100', 'all'])('refuses %p', (text) => {
    expect(() => processesOf(text)).toThrow('GATEWAY_PROCESSES must be a number of processes from 1 to 99, or auto');
  });

  it('refuses several that share no caches, or would each run a subgraph', () => {
    const { SUBGRAPH_BILLING_URL: _, ...withoutBilling } = distributed;
    expect(() => processesOf('2', withoutBilling)).toThrow(/2 processes.*set SUBGRAPH_BILLING_URL$/);
    expect(() => processesOf('2', { ...distributed, REDIS_URL: '' })).toThrow(/set REDIS_URL$/);
  });
});
