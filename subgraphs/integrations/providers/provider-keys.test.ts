import { describe, expect, it } from '@jest/globals';
import { providerKeys } from '#ops/setup/provider-keys.js';
import { settings } from '#ops/setup/settings-list.js';
import { type Config, type Environment, parseConfig } from '#runtime/config/config.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import { findProviderProblems, providerDefinitions } from './index.js';
import type { ProviderDefinition } from './provider.js';

// Setup and doctor stand below the providers, and keep a list of what an operator can set of them. This holds it to what
// the providers themselves read.

const production: Environment = {
  NODE_ENV: 'production',
  JWT_SECRET: '0123456789abcdefghijklmnopqrstuvwxyz',
  TOKEN_ENCRYPTION_KEY: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  DATABASE_URL: 'postgres://db/webmetrics',
  ALLOWED_ORIGINS: 'https://app.acme.io',
};

const configOf = (environment: Environment): Config => parseConfig({ ...production, ...environment });
const toolsFor = (config: Config) => ({
  config,
  http: undefined as unknown as HttpClient,
  simulatorUrl: undefined,
  now: () => new Date(),
});

/** Which variables a provider reads when it is opened. */
function variablesOf(definition: ProviderDefinition): string[] {
  const read = new Set<string>();
  const record = (name: string | symbol) => typeof name === 'string' && read.add(name);
  const config = configOf({});
  const variables = new Proxy(config.variables, {
    get: (target, name) => {
      record(name);
      return Reflect.get(target, name);
    },
    has: (target, name) => {
      record(name);
      return Reflect.has(target, name);
    },
  });
  definition.open(toolsFor({ ...config, variables }));
  return [...read].filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
}

const read = new Set(providerDefinitions.flatMap(variablesOf));
const listed = providerKeys.flatMap(({ clientId, clientSecret, others }) => [
  clientId,
  clientSecret,
  ...others.map(({ name }) => name),
]);

describe('the list of provider settings', () => {
  it('has every variable a provider reads', () => {
    expect(read.size).toBeGreaterThan(5);
    expect([...read].filter((name) => !settings.some((setting) => setting.name === name))).toEqual([]);
  });

  it('has no unused variable', () => {
    expect(listed.filter((name) => !read.has(name))).toEqual([]);
  });

  it('opens every provider with the credentials it names', () => {
    const answers = providerKeys
      .filter(({ isAsked }) => isAsked)
      .flatMap(({ clientId, clientSecret }) => [clientId, clientSecret].map((name) => [name, 'given']));
    const tools = toolsFor(configOf(Object.fromEntries(answers)));
    for (const definition of providerDefinitions) expect(definition.open(tools)).toBeDefined();
  });

  it.each(providerKeys)('names the hosts of $name, and the variables that replace them', ({ hosts }) => {
    for (const { host, variable } of hosts) {
      expect(read).toContain(variable);
      expect(URL.canParse(`https://${host}`)).toBe(true);
    }
  });

  it('names the hosts of consent pages', () => {
    const all = Object.fromEntries(listed.filter((name) => /_CLIENT_/.test(name)).map((name) => [name, 'given']));
    const hosts = providerKeys.flatMap((keys) => keys.hosts.map(({ host }) => host));
    for (const definition of providerDefinitions) {
      const page = definition
        .open(toolsFor(configOf(all)))
        ?.authorizeUrl({ redirectUri: 'https://m.acme.io', state: 'state', codeChallenge: 'challenge' });
      expect(hosts).toContain(new URL(page ?? '').hostname);
    }
  });
});

describe('invalid provider settings', () => {
  it('are reported once each, before anything is opened', () => {
    const wrong = { GOOGLE_CLIENT_ID: 'id', META_VERSION: '26', META_GRAPH_BASE: 'graph', PROVIDER_TIMEOUT_MS: 'soon' };
    expect(
      findProviderProblems(configOf(wrong))
        .map(({ argument }) => argument)
        .sort(),
    ).toEqual(['META_GRAPH_BASE', 'META_VERSION', 'PROVIDER_TIMEOUT_MS']);
    expect(findProviderProblems(configOf({ GOOGLE_CLIENT_ID: 'id' }))).toEqual([
      { argument: 'GOOGLE_CLIENT_SECRET', problem: 'is needed with GOOGLE_CLIENT_ID: set both, or neither' },
    ]);
    expect(findProviderProblems(configOf({}))).toEqual([]);
  });
});
