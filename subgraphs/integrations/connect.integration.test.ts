import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openIntegrationsDatabase } from './database.js';
import { ConnectionEntity } from './entities/connection.js';
import { openTokens } from './services/tokens/token-seal.js';
import { aService, openStage, type Stage, someone } from './testing/open-stage.js';

const CONNECTIONS = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization { connections { id status provider { name } } accounts { id externalId } }
    }
  }
`;

describe('connecting a provider', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  const providers = [['google-ads'], ['meta-ads']] as const;

  async function organizationOf(identity: { organizationId?: string }) {
    const { data } = await stage.ask({ ...aService, ...identity, kind: 'service' }, CONNECTIONS, {
      id: identity.organizationId,
    });
    return data._entities[0];
  }

  async function expectNothingStored(identity: { organizationId?: string }) {
    expect(await organizationOf(identity)).toEqual({ connections: [], accounts: [] });
  }

  it('lists the providers that can be connected', async () => {
    const { data } = await stage.ask(someone('VIEWER'), '{ providers { id name products scopes } }');
    const google = (scope: string) => [`https://www.googleapis.com/auth/${scope}`, 'openid', 'email', 'profile'];
    expect(data.providers).toEqual([
      { id: 'google-ads', name: 'Google Ads', products: ['campaigns'], scopes: google('adwords') },
      { id: 'google-analytics', name: 'Google Analytics', products: ['events'], scopes: google('analytics.readonly') },
      {
        id: 'search-console',
        name: 'Search Console',
        products: ['search-queries'],
        scopes: google('webmasters.readonly'),
      },
      {
        id: 'business-profile',
        name: 'Google Business Profile',
        products: ['locations', 'location-insights'],
        scopes: google('business.manage'),
      },
      { id: 'meta-ads', name: 'Meta Ads', products: ['campaigns'], scopes: ['ads_read'] },
      {
        id: 'linkedin-ads',
        name: 'LinkedIn Ads',
        products: ['campaigns'],
        scopes: ['r_ads', 'r_ads_reporting', 'openid', 'profile', 'email'],
      },
      { id: 'x', name: 'X', products: ['posts'], scopes: ['tweet.read', 'users.read', 'offline.access'] },
    ]);
  });

  it('requests PKCE and offline access at Google', async () => {
    const { searchParams } = new URL(await stage.authorize(someone(), 'google-ads'));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'true',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${stage.services.publicUrl()}/oauth/google-ads/callback`,
    });
  });

  it('requests comma-separated scopes without PKCE at Meta', async () => {
    const { pathname, searchParams } = new URL(await stage.authorize(someone(), 'meta-ads'));
    expect(pathname).toBe('/www.facebook.com/v26.0/dialog/oauth');
    expect(searchParams.get('scope')).toBe('ads_read');
    expect(searchParams.has('code_challenge')).toBe(false);
  });

  it.each(providers)('connects %s with every account the person has', async (providerId) => {
    const nora = someone();
    const connection = await stage.connect(nora, providerId);
    expect(connection).toMatchObject({
      provider: { id: providerId },
      status: 'ACTIVE',
      reason: null,
      grantedBy: 'Nora Lind',
    });
    const seed = providerId === 'google-ads' ? 'google-ads' : 'meta';
    const truth = await stage.simulated.truth(seed, { start: '2026-09-01', end: '2026-09-01' });
    const own = truth.filter(({ people, manager }) => people.includes('nora') && !manager);
    expect(connection.accounts.map(({ externalId }: { externalId: string }) => externalId).sort()).toEqual(
      own.map(({ id }) => id).sort(),
    );
    const names = connection.accounts.map(({ name }: { name: string }) => name);
    expect(names.slice(0, -1)).toEqual([...names.slice(0, -1)].sort());
    expect((await organizationOf(nora)).connections).toHaveLength(1);
  });

  it('stores tokens sealed for their own row', async () => {
    const { id } = await stage.connect(someone(), 'google-ads');
    const { id: otherId } = await stage.connect(someone(), 'google-ads');
    const database = await openIntegrationsDatabase(stage.services);
    const row = await database.manager.findOneByOrFail(ConnectionEntity, { id });
    const other = await database.manager.findOneByOrFail(ConnectionEntity, { id: otherId });
    expect(row.sealedTokens).toMatch(/^v1\./);
    expect(openTokens(stage.services.sealer, row)?.accessToken).toMatch(/^ya29\./);
    expect(() => openTokens(stage.services.sealer, { ...row, sealedTokens: other.sealedTokens })).toThrow();
  });

  it.each(providers)('stores nothing when the consent at %s is refused, and uses the state up', async (providerId) => {
    const nora = someone();
    const url = await stage.authorize(nora, providerId);
    const callback = await stage.simulated.decide(url, { decision: 'deny' });
    const { state, error } = callback as { state: string; error: string };
    const refused = await stage.complete(providerId, { state, error });
    expect(refused.code).toBe('FORBIDDEN');
    expect(refused.errors[0].message).toContain('consent was refused');
    const allowed = await stage.simulated.decide(url);
    expect((await stage.complete(providerId, allowed)).code).toBe('BAD_USER_INPUT');
    await expectNothingStored(nora);
  });

  it.each([
    ['user_cancelled_login', 'FORBIDDEN'],
    ['temporarily_unavailable', 'PROVIDER_UNAVAILABLE'],
    ['<script>', 'PROVIDER_UNAVAILABLE'],
  ])('maps the callback error %s to %s', async (error, code) => {
    const state = new URL(await stage.authorize(someone(), 'meta-ads')).searchParams.get('state') as string;
    const answer = await stage.complete('meta-ads', { state, error });
    expect(answer.code).toBe(code);
    expect(answer.errors[0].message).not.toContain('<');
  });

  describe('accepts a state once, in time, and from its provider:', () => {
    const refused = async (providerId: string, callback: Record<string, string>) => {
      const { code, errors } = await stage.complete(providerId, callback);
      expect(code).toBe('BAD_USER_INPUT');
      expect(errors[0].extensions.details).toEqual([
        { argument: 'state', problem: expect.stringContaining('start connecting again') },
      ]);
    };

    it('refuses an unknown state', async () => {
      await refused('google-ads', { state: 'made-up', code: 'made-up' });
    });

    it('refuses a used state', async () => {
      const callback = await stage.simulated.decide(await stage.authorize(someone(), 'meta-ads'));
      expect((await stage.complete('meta-ads', callback)).code).toBeUndefined();
      await refused('meta-ads', callback);
    });

    it('accepts one of two concurrent callbacks', async () => {
      const callback = await stage.simulated.decide(await stage.authorize(someone(), 'google-ads'));
      const answers = await Promise.all([1, 2, 3].map(() => stage.complete('google-ads', callback)));
      expect(answers.map(({ code }) => code).sort()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', undefined]);
    });

    it("refuses another provider's state", async () => {
      const callback = await stage.simulated.decide(await stage.authorize(someone(), 'google-ads'));
      await refused('meta-ads', callback);
    });

    it('refuses an expired state after ten minutes', async () => {
      const callback = await stage.simulated.decide(await stage.authorize(someone(), 'meta-ads'));
      stage.clock.advanceSeconds(601);
      await refused('meta-ads', callback);
    });

    it('refuses a callback without a code', async () => {
      const state = new URL(await stage.authorize(someone(), 'meta-ads')).searchParams.get('state') as string;
      const { code, errors } = await stage.complete('meta-ads', { state });
      expect([code, errors[0].extensions.details[0].argument]).toEqual(['BAD_USER_INPUT', 'code']);
    });
  });

  it.each([
    ['google-ads', 'google-oauth'],
    ['google-ads', 'google-ads'],
    ['meta-ads', 'meta-oauth'],
    ['meta-ads', 'meta'],
  ] as const)('stores nothing when %s fails on the way (%s)', async (providerId, broken) => {
    const nora = someone();
    const callback = await stage.simulated.decide(await stage.authorize(nora, providerId));
    await stage.simulated.breakNext({ provider: broken, kind: 'status', status: 500, times: 9 });
    const { code, errors } = await stage.complete(providerId, callback);
    expect(code).toBe('PROVIDER_UNAVAILABLE');
    expect(errors[0].message).toMatch(providerId === 'google-ads' ? /^Google Ads/ : /^Meta Ads/);
    await expectNothingStored(nora);
  });

  it('names the permission the user unticked', async () => {
    const nora = someone();
    const url = await stage.authorize(nora, 'google-ads');
    // Permissions given before count as well, so it takes a person who has not given any.
    const callback = await stage.simulated.decide(url, { person: 'rita', scopes: ['openid', 'email'] });
    const { code, errors } = await stage.complete('google-ads', callback);
    expect(code).toBe('FORBIDDEN');
    expect(errors[0].message).toContain('https://www.googleapis.com/auth/adwords');
    await expectNothingStored(nora);
  });

  it.each(providers)('says so when the person has no account at %s', async (providerId) => {
    const emil = someone();
    const callback = await stage.simulated.decide(await stage.authorize(emil, providerId), { person: 'emil' });
    expect((await stage.complete(providerId, callback)).code).toBe('FORBIDDEN');
    await expectNothingStored(emil);
  });

  it.each(providers)('renews the connection when the same person connects %s again', async (providerId) => {
    const nora = someone();
    const first = await stage.connect(nora, providerId);
    const second = await stage.connect(nora, providerId);
    expect(second.id).toBe(first.id);
    expect(second.accounts).toEqual(first.accounts);
    expect((await organizationOf(nora)).connections).toHaveLength(1);
  });

  it('keeps one row for concurrent callbacks of the same user', async () => {
    const nora = someone();
    const [one, two] = await Promise.all([stage.connect(nora, 'google-ads'), stage.connect(nora, 'google-ads')]);
    expect(one.id).toBe(two.id);
    expect((await organizationOf(nora)).accounts).toHaveLength(5);
  });

  it('refuses an unknown provider', async () => {
    const { code } = await stage.ask(
      someone(),
      'mutation { authorizeConnection(providerId: "myspace") { authorizeUrl } }',
    );
    expect(code).toBe('BAD_USER_INPUT');
  });

  it('requires the role ADMIN to begin, and a service to complete', async () => {
    const begin = 'mutation { authorizeConnection(providerId: "google-ads") { authorizeUrl } }';
    const finish =
      'mutation { completeConnection(providerId: "google-ads", state: "x", code: "x") { connection { id } } }';
    expect((await stage.ask(someone('ANALYST'), begin)).code).toBe('FORBIDDEN');
    expect((await stage.ask(someone('ADMIN'), begin)).code).toBeUndefined();
    expect((await stage.ask(someone('OWNER'), finish)).code).toBe('FORBIDDEN');
  });
});
