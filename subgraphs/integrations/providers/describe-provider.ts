import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { challengeOf } from '#integrations/services/connect/authorize-connection.js';
import { askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import { byId, expectedCampaigns, microsOf } from '#integrations/testing/expected-campaigns.js';
import {
  type Fault,
  type Seed,
  type SimulatedProviders,
  startSimulatedProviders,
  type TrueAccount,
} from '#integrations/testing/simulated-providers.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';
import { HttpClient, RequestFailed } from '#runtime/http/http-client.js';
import type { AccountReference, CampaignRow } from './products.js';
import type { Consent, Provider, ProviderAccount, ProviderDefinition, ProviderTools } from './provider.js';

/** The simulator's names for a provider. */
export interface Simulated {
  api: Fault['provider'];
  oauth: Fault['provider'];
  /** Absent = its answers are tested beside the provider. */
  seed?: Seed;
  /** Of the user who consents. */
  personName?: string;
  /** Whether refresh tokens are rotated. */
  rotates?: boolean;
}

/** Questions and expected answers. `Truth` is one account of the simulator's seed data. */
export interface ReaderContract<Truth> {
  /** Asks one question about each account, over RANGE. */
  ask(provider: Provider, accessToken: string, accounts: AccountReference[]): Promise<(unknown | Error)[]>;
  /** null = not listed. */
  accountOf(truth: Truth): Pick<ProviderAccount, 'externalId' | 'name' | 'currency' | 'timeZone'> | null;
  /** How many Nora has. */
  inactiveAccounts: number;
  /** Returns the comparable part of an answer. */
  shown(answer: never): unknown;
  expected(truth: Truth): unknown;
  /** Whether `{}` is a valid empty answer. */
  canBeBare: boolean;
}

// Fixed, because some providers drop old days.
const BEGINNING = Date.parse('2026-11-20T12:00:00Z');

const REDIRECT_URI = 'http://localhost:8080/oauth/some-provider/callback';
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters';
export const RANGE = { start: '2026-09-01', end: '2026-09-30' };

// A request is tried three times, for each of at most five accounts.
const ALWAYS = 15;

const figuresOf = ({ externalId, name, metrics }: CampaignRow) => ({
  externalId,
  name,
  impressions: metrics.impressions,
  clicks: metrics.clicks,
  costMicros: microsOf(metrics.cost),
  conversions: metrics.conversions ?? 0,
  conversionValueMicros: microsOf(metrics.conversionValue ?? '0'),
});

export const campaignsContract: ReaderContract<TrueAccount & { people: string[] }> = {
  ask(provider, accessToken, accounts) {
    const questions = accounts.map((account) => ({ account, range: RANGE }));
    return askRowsInOrder(provider, 'campaigns', accessToken, questions);
  },
  accountOf: ({ id, name, currency, timeZone, manager }) =>
    manager ? null : { externalId: id, name, currency, timeZone },
  inactiveAccounts: 1,
  shown: (rows: CampaignRow[]) => rows.map(figuresOf).sort(byId),
  expected: expectedCampaigns,
  canBeBare: false,
};

// The lists of rows in the answers of providers.
const LISTS = new Set(['results', 'data', 'elements', 'rows', 'locations', 'dailyMetricTimeSeries', 'datedValues']);

/** Returns an answer in which every row is repeated; the parts of a batch at Meta are JSON themselves. */
function repeatRows(value: unknown, name?: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => repeatRows(item));
    return name && LISTS.has(name) ? [...items, ...items] : items;
  }
  if (name === 'body' && typeof value === 'string') return JSON.stringify(repeatRows(JSON.parse(value)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repeatRows(item, key)]));
}

/** Repeats the rows of every answer that `http` receives. */
function repeating(http: HttpClient): HttpClient {
  const send: HttpClient['send'] = async (request) => {
    const response = await http.send(request);
    return { ...response, body: JSON.stringify(repeatRows(JSON.parse(response.body))) };
  };
  return Object.assign(Object.create(http), { send });
}

/** Lets the first two answers of each address be more than can be read. */
function tooLargeTwice(http: HttpClient): HttpClient {
  const seen = new Map<string, number>();
  const send: HttpClient['send'] = async (request) => {
    const { origin, pathname } = new URL(request.url);
    const times = (seen.get(pathname) ?? 0) + 1;
    seen.set(pathname, times);
    if (times <= 2) throw new RequestFailed('too-large', origin);
    return http.send(request);
  };
  return Object.assign(Object.create(http), { send });
}

/** The contract every provider must pass, against the simulator. */
export function describeProvider(definition: ProviderDefinition, simulated: Simulated): void;
export function describeProvider<Truth extends { id: string; people: string[] }>(
  definition: ProviderDefinition,
  simulated: Simulated,
  contract: ReaderContract<Truth>,
): void;
export function describeProvider(
  definition: ProviderDefinition,
  simulated: Simulated,
  contract: ReaderContract<never> = campaignsContract as ReaderContract<never>,
): void {
  const { seed = 'google-ads', personName = 'Nora Lind', rotates = false } = simulated;
  const itWithSeed = (simulated.seed ? it : () => {}) as typeof it;

  describe(`${definition.name} as a provider`, () => {
    const http = new HttpClient();
    const started = Date.now();
    const now = () => new Date(BEGINNING + Date.now() - started);
    let simulator: SimulatedProviders;
    let provider: Provider;

    const toolsWith = (environment: Environment): ProviderTools => ({
      config: parseConfig({ NODE_ENV: 'test', ...environment }),
      http,
      simulatorUrl: simulator.url,
      now,
    });

    beforeAll(async () => {
      simulator = await startSimulatedProviders(now);
      provider = definition.open(toolsWith({})) as Provider;
    });
    beforeEach(() => simulator.forgetFaults());
    afterAll(async () => {
      await http.close();
      await simulator.close();
    });

    async function codeOf(person: 'nora' | 'emil' = 'nora'): Promise<string> {
      const request = { redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge: challengeOf(VERIFIER) };
      const callback = await simulator.decide(provider.authorizeUrl(request), { person });
      expect(callback.state).toBe('the-state');
      return callback.code as string;
    }

    const consentOf = async (person?: 'nora' | 'emil'): Promise<Consent> =>
      provider.exchangeCode({ code: await codeOf(person), redirectUri: REDIRECT_URI, codeVerifier: VERIFIER });

    async function answersFor(accessToken: string) {
      const accounts = (await provider.listAccounts(accessToken)).filter(({ isActive }) => isActive);
      return { accounts, ask: () => contract.ask(provider, accessToken, accounts) };
    }

    it('is absent without credentials where no simulator stands in', () => {
      expect(definition.open({ ...toolsWith({}), simulatorUrl: undefined })).toBeUndefined();
      const production = { ...toolsWith({}), config: { ...toolsWith({}).config, isProduction: true } };
      expect(definition.open(production)).toBeUndefined();
    });

    it('exchanges a code for tokens, scopes and the user', async () => {
      const { tokens, scopes, person } = await consentOf();
      expect(tokens.accessToken).not.toBe('');
      expect(tokens.expiresAt?.getTime()).toBeGreaterThan(now().getTime());
      expect(scopes.length).toBeGreaterThan(0);
      expect(person).toEqual({ id: expect.stringMatching(/^\w+$/), name: personName });
    });

    it('refuses a used code', async () => {
      const callback = { code: await codeOf(), redirectUri: REDIRECT_URI, codeVerifier: VERIFIER };
      await provider.exchangeCode(callback);
      await expect(provider.exchangeCode(callback)).rejects.toBeInstanceOf(InvalidInput);
    });

    itWithSeed("lists the user's accounts, and no others", async () => {
      const { tokens } = await consentOf();
      const accounts = await provider.listAccounts(tokens.accessToken);
      const truth = await simulator.truth<{ people: string[] }>(seed, RANGE);
      const expected = truth.flatMap((one) => (one.people.includes('nora') && contract.accountOf(one as never)) || []);
      const shown = accounts.map(({ externalId, name, currency, timeZone }) => ({
        externalId,
        name,
        currency,
        timeZone,
      }));
      expect(shown.sort(byId)).toEqual(expected.sort(byId));
      expect(accounts.filter(({ isActive }) => !isActive)).toHaveLength(contract.inactiveAccounts);
    });

    itWithSeed('returns the exact figures of every account', async () => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      const answers = await ask();
      const truth = await simulator.truth<{ id: string }>(seed, RANGE);
      expect(accounts.length).toBeGreaterThan(2);
      for (const [index, { externalId }] of accounts.entries()) {
        const account = truth.find(({ id }) => id === externalId);
        expect(contract.shown(answers[index] as never)).toEqual(account && contract.expected(account as never));
      }
    });

    it('counts a row once that is repeated', async () => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      const repeated = definition.open({ ...toolsWith({}), http: repeating(http) }) as Provider;
      const answers = await contract.ask(repeated, tokens.accessToken, accounts);
      const shown = (some: unknown[]) => some.map((answer) => contract.shown(answer as never));
      expect(shown(answers)).toEqual(shown(await ask()));
    });

    it('requests a range that is too large in parts', async () => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      const impeded = definition.open({ ...toolsWith({}), http: tooLargeTwice(http) }) as Provider;
      const answers = await contract.ask(impeded, tokens.accessToken, accounts);
      const shown = (some: unknown[]) => some.map((answer) => contract.shown(answer as never));
      expect(shown(answers)).toEqual(shown(await ask()));
    });

    it('renews access tokens', async () => {
      const { tokens } = await consentOf();
      const renewed = await provider.refresh(tokens);
      expect(renewed.accessToken).not.toBe(tokens.accessToken);
      expect(renewed.refreshToken === tokens.refreshToken).toBe(!rotates);
      expect((await provider.listAccounts(renewed.accessToken)).length).toBeGreaterThan(0);
    });

    it('revokes the access, and requires the user to reconnect then', async () => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      await provider.revoke(tokens);
      await provider.revoke(tokens);
      await expect(provider.refresh(tokens)).rejects.toBeInstanceOf(ReconnectRequired);
      const answers = await ask();
      expect(answers).toHaveLength(accounts.length);
      for (const answer of answers) expect([TokenRefused, ReconnectRequired]).toContain((answer as Error).constructor);
    });

    it('reports an unknown access token as refused', async () => {
      await expect(provider.listAccounts('no such token')).rejects.toBeInstanceOf(TokenRefused);
    });

    it.each<[string, Omit<Fault, 'provider'>, typeof Error]>([
      ['a server error', { kind: 'status', status: 500 }, ProviderUnavailable as never],
      ['being overloaded', { kind: 'status', status: 503 }, ProviderUnavailable as never],
      ['a broken connection', { kind: 'reset' }, ProviderUnavailable as never],
      ['an answer cut off', { kind: 'truncate' }, ProviderUnavailable as never],
      ['half a JSON text', { kind: 'garbage' }, ProviderUnavailable as never],
      ['a web page', { kind: 'html', status: 200 }, ProviderUnavailable as never],
      ['a web page of an error', { kind: 'html', status: 502 }, ProviderUnavailable as never],
      [
        'JSON of another form',
        { kind: 'status', status: 200, body: [{ results: [{ campaign: 7 }] }] },
        ProviderUnavailable as never,
      ],
      ['too many requests', { kind: 'status', status: 429 }, RateLimited as never],
      ['a missing permission', { kind: 'status', status: 403 }, Forbidden as never],
      ['a refused token', { kind: 'status', status: 401 }, TokenRefused as never],
    ])('maps %s to its error', async (_what, fault, expected) => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      await simulator.breakNext({ ...fault, provider: simulated.api, times: ALWAYS });
      const answers = await ask();
      expect(answers).toHaveLength(accounts.length);
      for (const answer of answers) {
        expect(answer).toBeInstanceOf(expected);
        if (!(answer instanceof TokenRefused)) expect((answer as Error).message).toContain(definition.name);
      }
    });

    it('accepts an empty JSON object only where the provider sends one', async () => {
      const { tokens } = await consentOf();
      const { accounts, ask } = await answersFor(tokens.accessToken);
      await simulator.breakNext({ provider: simulated.api, kind: 'status', status: 200, body: {}, times: ALWAYS });
      const answers = await ask();
      expect(answers).toHaveLength(accounts.length);
      for (const answer of answers) expect(answer instanceof ProviderUnavailable).toBe(!contract.canBeBare);
    });

    it('times out', async () => {
      const { tokens } = await consentOf();
      const { ask, accounts } = await answersFor(tokens.accessToken);
      const impatient = definition.open(toolsWith({ PROVIDER_TIMEOUT_MS: '200' })) as Provider;
      await simulator.breakNext({ provider: simulated.api, kind: 'hang', times: accounts.length });
      const answers = await contract.ask(impatient, tokens.accessToken, accounts);
      for (const answer of answers) expect((answer as Error).message).toContain('did not answer in time');
      await simulator.forgetFaults();
      expect((await ask()).some((answer) => answer instanceof Error)).toBe(false);
    });

    it('reports the retry delay after too many requests', async () => {
      const { tokens } = await consentOf();
      const { ask } = await answersFor(tokens.accessToken);
      await simulator.breakNext({ provider: simulated.api, kind: 'status', status: 429, times: ALWAYS });
      for (const answer of await ask()) expect((answer as RateLimited).retryAfter).toBeGreaterThan(0);
    });

    it('reports a failing token endpoint as unavailable', async () => {
      const code = await codeOf();
      await simulator.breakNext({ provider: simulated.oauth, kind: 'status', status: 500, times: 3 });
      const exchange = provider.exchangeCode({ code, redirectUri: REDIRECT_URI, codeVerifier: VERIFIER });
      await expect(exchange).rejects.toBeInstanceOf(ProviderUnavailable);
    });
  });
}
