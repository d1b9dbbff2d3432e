import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IsNull } from 'typeorm';
import { eventually } from '#ops/testing/eventually.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { openIntegrationsDatabase } from './database.js';
import { ConnectionEntity } from './entities/connection.js';
import { PendingConsentEntity } from './entities/pending-consent.js';
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
      {
        id: 'google-analytics',
        name: 'Google Analytics',
        products: ['analytics'],
        scopes: google('analytics.readonly'),
      },
      {
        id: 'search-console',
        name: 'Search Console',
        products: ['search-queries'],
        scopes: google('webmasters.readonly'),
      },
      {
        id: 'business-profile',
        name: 'Google Business Profile',
        products: ['locations', 'places'],
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
      state: expect.stringMatching(/^[\w-]{55}$/),
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
    const refused = await stage.receive(providerId, { state, error });
    expect(refused.code).toBe('FORBIDDEN');
    expect(refused.errors[0].message).toContain('consent was refused');
    const allowed = await stage.simulated.decide(url);
    expect((await stage.receive(providerId, allowed)).code).toBe('BAD_USER_INPUT');
    await expectNothingStored(nora);
  });

  it.each([
    ['user_cancelled_login', 'FORBIDDEN'],
    ['temporarily_unavailable', 'PROVIDER_UNAVAILABLE'],
    ['<script>', 'PROVIDER_UNAVAILABLE'],
  ])('maps the callback error %s to %s', async (error, code) => {
    const state = new URL(await stage.authorize(someone(), 'meta-ads')).searchParams.get('state') as string;
    const answer = await stage.receive('meta-ads', { state, error });
    expect(answer.code).toBe(code);
    expect(answer.errors[0].message).not.toContain('<');
  });

  describe('accepts a state once, in time, and from its provider:', () => {
    const refused = async (providerId: string, callback: Record<string, string>) => {
      const { code, errors } = await stage.receive(providerId, callback);
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
      expect((await stage.receive('meta-ads', callback)).code).toBeUndefined();
      await refused('meta-ads', callback);
    });

    it('accepts one of two concurrent callbacks', async () => {
      const callback = await stage.simulated.decide(await stage.authorize(someone(), 'google-ads'));
      const answers = await Promise.all([1, 2, 3].map(() => stage.receive('google-ads', callback)));
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
      const { code, errors } = await stage.receive('meta-ads', { state });
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
    const { code, errors } = await stage.finish(nora, providerId, callback);
    expect(code).toBe('PROVIDER_UNAVAILABLE');
    expect(errors[0].message).toMatch(providerId === 'google-ads' ? /^Google Ads/ : /^Meta Ads/);
    await expectNothingStored(nora);
  });

  it('names the permission the user unticked', async () => {
    const nora = someone();
    const url = await stage.authorize(nora, 'google-ads');
    // Permissions given before count as well, so it takes a person who has not given any.
    const callback = await stage.simulated.decide(url, { person: 'rita', scopes: ['openid', 'email'] });
    const { code, errors } = await stage.finish(nora, 'google-ads', callback);
    expect(code).toBe('FORBIDDEN');
    expect(errors[0].message).toContain('https://www.googleapis.com/auth/adwords');
    await expectNothingStored(nora);
  });

  it.each(providers)('says so when the person has no account at %s', async (providerId) => {
    const emil = someone();
    const callback = await stage.simulated.decide(await stage.authorize(emil, providerId), { person: 'emil' });
    expect((await stage.finish(emil, providerId, callback)).code).toBe('FORBIDDEN');
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

  it('requires the role ADMIN to begin, and a service to take the redirect', async () => {
    const begin = 'mutation { authorizeConnection(providerId: "google-ads") { authorizeUrl } }';
    const take = 'mutation { receiveConsent(providerId: "google-ads", state: "x", code: "x") { completionCode } }';
    const look = '{ receivedConsent(code: "x") { userId } }';
    expect((await stage.ask(someone('ANALYST'), begin)).code).toBe('FORBIDDEN');
    expect((await stage.ask(someone('ADMIN'), begin)).code).toBeUndefined();
    expect((await stage.ask(someone('OWNER'), take)).code).toBe('FORBIDDEN');
    expect((await stage.ask(someone('OWNER'), look)).code).toBe('FORBIDDEN');
  });

  describe('the code of a consent', () => {
    let mallory: Identity;
    beforeEach(() => {
      mallory = someone('ADMIN');
    });

    /** Returns the completion code that the browser of the consent was given. */
    async function consent(identity = mallory): Promise<string> {
      const callback = await stage.simulated.decide(await stage.authorize(identity, 'google-ads'));
      const { data } = await stage.receive('google-ads', callback);
      return data.receiveConsent.completionCode;
    }

    const refuse = async (identity: Identity, code: string) => {
      const { code: error } = await stage.complete(identity, code);
      return error;
    };

    it('is kept sealed, and the callback neither exchanges it nor stores a connection', async () => {
      await stage.simulated.takeCalls();
      const callback = await stage.simulated.decide(await stage.authorize(mallory, 'google-ads'));
      const { data } = await stage.receive('google-ads', callback);
      expect(data.receiveConsent).toEqual({
        consent: { provider: { name: 'Google Ads' }, organizationId: mallory.organizationId, userId: mallory.userId },
        completionCode: expect.stringMatching(/^[\w-]{55}$/),
        error: null,
        returnTo: null,
      });
      const exchanged = (await stage.simulated.takeCalls('google-oauth')).filter(({ path }) => path.includes('token'));
      expect(exchanged).toEqual([]);
      await expectNothingStored(mallory);
      const database = await openIntegrationsDatabase(stage.services);
      const rows = await database.manager.findBy(PendingConsentEntity, { userId: mallory.userId });
      const stored = JSON.stringify(rows);
      expect(rows).toHaveLength(1);
      for (const secret of [callback.code, callback.state, data.receiveConsent.completionCode]) {
        expect(stored).not.toContain(secret);
      }
    });

    it.each<[string, (own: Identity) => Identity, string]>([
      ['another user', () => someone('OWNER'), 'FORBIDDEN'],
      ['another member', ({ organizationId }) => someone('OWNER', organizationId), 'FORBIDDEN'],
      ['the same user in another organization', (own) => ({ ...own, organizationId: randomUUID() }), 'FORBIDDEN'],
      ['its user, demoted meanwhile', (own) => ({ ...own, role: 'ANALYST' as const }), 'FORBIDDEN'],
    ])('is refused to %s and used up', async (_who, caller, code) => {
      const completionCode = await consent();
      await stage.simulated.takeCalls();
      expect(await refuse(caller(mallory), completionCode)).toBe(code);
      expect(await refuse(mallory, completionCode)).toBe('BAD_USER_INPUT');
      expect(await stage.simulated.takeCalls('google-oauth')).toEqual([]);
      await expectNothingStored(mallory);
    });

    it('is refused without a session, to keys and to services', async () => {
      const completionCode = await consent();
      expect(await refuse(anonymous('test'), completionCode)).toBe('UNAUTHENTICATED');
      const key: Identity = { ...mallory, kind: 'apiKey', userId: undefined, scopes: ['read:connections'] };
      expect(await refuse(key, completionCode)).toBe('FORBIDDEN');
      expect(await refuse(mallory, completionCode)).toBeUndefined();
    });

    it('is accepted once, also of concurrent completions', async () => {
      const completionCode = await consent();
      const codes = await Promise.all([1, 2, 3].map(() => refuse(mallory, completionCode)));
      expect(codes.sort()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', undefined]);
    });

    it('expires after ten minutes, and is deleted then', async () => {
      const completionCode = await consent();
      stage.clock.advanceSeconds(601);
      expect(await refuse(mallory, completionCode)).toBe('BAD_USER_INPUT');
      await consent();
      stage.clock.advanceSeconds(601);
      await stage.subgraph.jobs
        .find(({ name }) => name === 'integrations.trim-consents')
        ?.run({} as never, testJobRun());
      const database = await openIntegrationsDatabase(stage.services);
      expect(await database.manager.count(PendingConsentEntity)).toBe(0);
    });

    it('ends with the right of its user', async () => {
      const { organizationId, userId } = mallory;
      const [own, others] = [await consent(), await consent(someone('ADMIN', organizationId))];
      const ended = { key: 'x', organizationId, userId } as never;
      await stage.subgraph.jobs.find(({ name }) => name === 'integrations.end-consents')?.run(ended, testJobRun());
      expect(await refuse(mallory, own)).toBe('BAD_USER_INPUT');
      expect(await refuse(mallory, others)).toBe('FORBIDDEN');
    });

    it('connects nothing when the right ends while it is exchanged', async () => {
      const { organizationId, userId } = mallory;
      const completionCode = await consent();
      const database = await openIntegrationsDatabase(stage.services);
      const { http } = stage.services;
      const send = http.send.bind(http);
      let goOn = () => {};
      const hasEnded = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const sending = jest.spyOn(http, 'send').mockImplementation(async (request) => {
        await hasEnded;
        return send(request);
      });
      const refused = refuse(mallory, completionCode);
      const inExchange = { organizationId: `${organizationId}`, userId, completionHash: IsNull() };
      await eventually('the exchange begins', () => database.manager.existsBy(PendingConsentEntity, inExchange));
      const ended = { key: 'x', organizationId, userId } as never;
      await stage.subgraph.jobs.find(({ name }) => name === 'integrations.end-consents')?.run(ended, testJobRun());
      goOn();
      expect(await refused).toBe('FORBIDDEN');
      sending.mockRestore();
      await expectNothingStored(mallory);
    });

    it('of the newest twenty consents of a user can be completed', async () => {
      const first = await consent();
      stage.clock.advanceSeconds(1);
      for (let more = 0; more < 20; more += 1) await stage.authorize(mallory, 'google-ads');
      expect(await refuse(mallory, first)).toBe('BAD_USER_INPUT');
    });

    it('is exchanged for an access that is revoked when nothing can be stored', async () => {
      const emil = someone();
      const callback = await stage.simulated.decide(await stage.authorize(emil, 'google-ads'), { person: 'emil' });
      await stage.simulated.takeCalls();
      expect((await stage.finish(emil, 'google-ads', callback)).code).toBe('FORBIDDEN');
      const calls = await stage.simulated.takeCalls('google-oauth');
      expect(calls.map(({ path }) => path)).toContain('/revoke');
    });
  });

  describe('returnTo', () => {
    const page = 'http://localhost:3000/connected?from=settings';

    it('is where the browser goes, with the code or the error of the provider', async () => {
      const nora = someone();
      const callback = await stage.simulated.decide(await stage.authorize(nora, 'google-ads', page));
      const { data } = await stage.receive('google-ads', callback);
      expect(data.receiveConsent).toMatchObject({ returnTo: page, error: null });
      const denied = await stage.simulated.decide(await stage.authorize(nora, 'google-ads', page), {
        decision: 'deny',
      });
      const refused = await stage.receive('google-ads', denied);
      expect(refused.data.receiveConsent).toEqual({
        consent: null,
        completionCode: null,
        error: 'access_denied',
        returnTo: page,
      });
      const state = new URL(await stage.authorize(nora, 'google-ads', page)).searchParams.get('state') as string;
      const odd = await stage.receive('google-ads', { state, error: '<script>' });
      expect(odd.data.receiveConsent.error).toBe('server_error');
    });

    it.each([
      'https://evil.example/',
      'http://localhost.evil.example/',
      'http://localhost:3000@evil.example/',
      'http://user:secret@localhost:3000/',
      'http://localhost:3000/#code=x',
      '//evil.example',
      'javascript:alert(1)',
      'connected',
      '',
    ])('is refused when it is %p', async (returnTo) => {
      const authorize =
        'mutation ($to: String) { authorizeConnection(providerId: "google-ads", returnTo: $to) { authorizeUrl } }';
      const { code, errors } = await stage.ask(someone(), authorize, { to: returnTo });
      expect([code, errors[0].extensions.details[0].argument]).toEqual(['BAD_USER_INPUT', 'returnTo']);
    });
  });
});
