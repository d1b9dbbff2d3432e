import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { describeProvider } from '#integrations/providers/describe-provider.js';
import type { PostRow } from '#integrations/providers/products.js';
import type { Provider, Tokens } from '#integrations/providers/provider.js';
import { challengeOf } from '#integrations/services/connect/authorize-connection.js';
import { askInOrder, askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import {
  type Fault,
  type SimulatedProviders,
  startSimulatedProviders,
  type TruePost,
} from '#integrations/testing/simulated-providers.js';
import { parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';
import { HttpClient } from '#runtime/http/http-client.js';
import { x } from './index.js';

const REDIRECT_URI = 'http://localhost:8080/oauth/x/callback';
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters';
const NOW = new Date('2026-11-20T12:00:00Z');
const TWO_YEARS = { start: '2024-01-01', end: '2026-11-20' };
const LAST_MONTH = { start: '2026-10-22', end: '2026-11-20' };
const LONG_AGO = { start: '2025-01-01', end: '2025-12-31' };
const FEW_DAYS = { start: '2026-03-02', end: '2026-03-08' };

const rowOf = ({ id, text, createdAt, public: shown, private: hidden }: TruePost): PostRow => ({
  externalId: id,
  text,
  createdAt,
  url: `https://x.com/i/status/${id}`,
  metrics: { ...shown, linkClicks: hidden?.linkClicks ?? null, profileClicks: hidden?.profileClicks ?? null },
});

describeProvider(
  x,
  { api: 'x', oauth: 'x-oauth', personName: 'Northwind Outdoor 🏔️', rotates: true },
  {
    ask: (provider, accessToken, accounts) =>
      askRowsInOrder(
        provider,
        'posts',
        accessToken,
        accounts.map((account) => ({ account, range: LONG_AGO })),
      ),
    // Its truth is compared below, post by post.
    accountOf: () => null,
    inactiveAccounts: 0,
    shown: (answer) => answer,
    expected: () => undefined,
    canBeBare: false,
  },
);

describe('X', () => {
  const http = new HttpClient();
  let clock: Date;
  let simulator: SimulatedProviders;
  let provider: Provider;

  // The clock goes forward and limits are used up, so each test has a world of its own.
  beforeEach(async () => {
    clock = NOW;
    const now = () => clock;
    simulator = await startSimulatedProviders(now);
    const config = parseConfig({ NODE_ENV: 'test' });
    provider = x.open({ config, http, simulatorUrl: simulator.url, now }) as Provider;
  });
  afterEach(() => simulator.close());
  afterAll(() => http.close());

  const advanceSeconds = (seconds: number) => {
    clock = new Date(clock.getTime() + seconds * 1000);
  };

  async function codeOf(person: 'nora' | 'emil' | 'rita' = 'nora'): Promise<string> {
    const request = { redirectUri: REDIRECT_URI, state: 's', codeChallenge: challengeOf(VERIFIER) };
    return (await simulator.decide(provider.authorizeUrl(request), { person })).code as string;
  }

  const exchange = (code: string, codeVerifier = VERIFIER) =>
    provider.exchangeCode({ code, redirectUri: REDIRECT_URI, codeVerifier });

  async function signIn(person?: 'nora' | 'emil' | 'rita') {
    const { tokens } = await exchange(await codeOf(person));
    const [account] = await provider.listAccounts(tokens.accessToken);
    await simulator.takeCalls();
    if (!account) throw new Error('X listed no account');
    return { tokens, account: { externalId: account.externalId, access: {} } };
  }

  async function readPosts(
    { tokens, account }: Awaited<ReturnType<typeof signIn>>,
    range: { start: string; end: string },
  ): Promise<PostRow[] | Error> {
    const questions = [{ account: account as never, range }];
    const [answer] = await askRowsInOrder(provider, 'posts', tokens.accessToken, questions);
    return answer as PostRow[] | Error;
  }

  async function readById({ tokens, account }: Awaited<ReturnType<typeof signIn>>, ids: string[]) {
    const questions = ids.map((postId) => ({ account: account as never, postId }));
    return askInOrder(provider, 'postById', tokens.accessToken, questions);
  }

  /** What nora posted, without what she only passed on. */
  async function truth(range: { start: string; end: string }): Promise<TruePost[]> {
    const nora = (await simulator.truthOfX(range)).find(({ person }) => person === 'nora');
    return nora?.posts.filter(({ kind }) => kind !== 'repost') ?? [];
  }

  const pathsOf = async (name: Fault['provider']) => (await simulator.takeCalls(name)).map(({ path }) => path);

  describe('consent', () => {
    it("lists the user's account, also without posts", async () => {
      const { tokens } = await exchange(await codeOf('emil'));
      expect(await provider.listAccounts(tokens.accessToken)).toEqual([
        {
          externalId: '1346889436626259970',
          name: 'Emil Holm (@emil_holm)',
          currency: null,
          timeZone: 'UTC',
          isActive: true,
          access: {},
        },
      ]);
      expect(await readPosts(await signIn('emil'), TWO_YEARS)).toEqual([]);
    });

    it('is exchanged within half a minute, with the matching verifier', async () => {
      await expect(exchange(await codeOf(), `${VERIFIER}-other`)).rejects.toBeInstanceOf(InvalidInput);
      const code = await codeOf();
      advanceSeconds(30);
      await expect(exchange(code)).rejects.toBeInstanceOf(InvalidInput);
    });

    it('without a required permission names it', async () => {
      const request = { redirectUri: REDIRECT_URI, state: 's', codeChallenge: challengeOf(VERIFIER) };
      const decision = { scopes: ['users.read', 'offline.access'] };
      const { code } = await simulator.decide(provider.authorizeUrl(request), decision);
      await expect(exchange(code as string)).rejects.toThrow('tweet.read');
    });

    it('can be withdrawn while posts are read', async () => {
      expect(await readPosts(await signIn('rita'), TWO_YEARS)).toBeInstanceOf(TokenRefused);
    });
  });

  describe('a renewal', () => {
    it('returns a new pair, and the old refresh token is refused', async () => {
      const { tokens } = await signIn();
      advanceSeconds(7200);
      await expect(provider.listAccounts(tokens.accessToken)).rejects.toBeInstanceOf(TokenRefused);
      const renewed = await provider.refresh(tokens);
      expect(renewed.refreshToken).not.toBe(tokens.refreshToken);
      expect(renewed.expiresAt).toEqual(new Date(clock.getTime() + 7_200_000));
      await expect(provider.refresh(tokens)).rejects.toBeInstanceOf(ReconnectRequired);
      expect(await provider.listAccounts((await provider.refresh(renewed)).accessToken)).toHaveLength(1);
    });

    it.each<[string, Omit<Fault, 'provider'>]>([
      ['is lost on the way', { kind: 'truncate' }],
      ['never comes', { kind: 'reset' }],
      ['is a server error', { kind: 'status', status: 503 }],
    ])('whose answer %s is not repeated', async (_what, fault) => {
      const { tokens } = await signIn();
      await simulator.breakNext({ ...fault, provider: 'x-oauth' });
      await expect(provider.refresh(tokens)).rejects.toBeInstanceOf(ProviderUnavailable);
      expect(await pathsOf('x-oauth')).toEqual(['/2/oauth2/token']);
      // X has counted the refresh token as used where it answered; where it did not, the next renewal works.
      const next: Promise<Tokens> = provider.refresh(tokens);
      if (fault.kind === 'truncate') await expect(next).rejects.toBeInstanceOf(ReconnectRequired);
      else expect((await next).accessToken).not.toBe(tokens.accessToken);
    });
  });

  describe('posts', () => {
    it('are read with exact figures, newest first', async () => {
      const posts = await truth(TWO_YEARS);
      expect(posts.length).toBeGreaterThan(800);
      expect(await readPosts(await signIn(), TWO_YEARS)).toEqual(posts.map(rowOf));
    });

    it('have their whole text, as it was written', async () => {
      const texts = (await truth(TWO_YEARS)).map(({ text }) => text);
      const written = texts.filter((text) => text.includes('packs > 60 l, and "&amp;" is how HTML writes &'));
      const long = texts.filter((text) => [...text].length > 280);
      expect([written.length > 0, long.length > 0]).toEqual([true, true]);
      const nora = await signIn();
      const rows = (await readPosts(nora, TWO_YEARS)) as PostRow[];
      expect(rows.map(({ text }) => text)).toEqual(texts);
      const one = rows.find(({ text }) => text === long[0]) as PostRow;
      expect(await readById(nora, [one.externalId])).toEqual([one]);
    });

    it('take a call for each hundred', async () => {
      const nora = await signIn();
      const rows = (await readPosts(nora, LONG_AGO)) as PostRow[];
      expect(rows).toEqual((await truth(LONG_AGO)).map(rowOf));
      expect(rows.length).toBeGreaterThan(100);
      expect(await pathsOf('x')).toHaveLength(Math.ceil(rows.length / 100));
    });

    it('are limited to the range', async () => {
      const range = { start: '2026-11-02', end: '2026-11-06' };
      const posts = await truth(range);
      expect(posts.length).toBeGreaterThan(3);
      expect(await readPosts(await signIn(), range)).toEqual(posts.map(rowOf));
    });

    it('lose private metrics after thirty days', async () => {
      const rows = (await readPosts(await signIn(), { start: '2026-10-01', end: '2026-11-20' })) as PostRow[];
      const linkClicksOf = (from: string, to: string) =>
        rows.filter(({ createdAt }) => createdAt >= from && createdAt < to).map(({ metrics }) => metrics.linkClicks);
      const [old, young] = [linkClicksOf('2026-10-01', '2026-10-21'), linkClicksOf('2026-10-22', '2026-11-21')];
      expect(old.length).toBeGreaterThan(10);
      expect(new Set(old)).toEqual(new Set([null]));
      expect(young).not.toContain(null);
      for (const { metrics } of rows) expect(metrics.impressions).not.toBeNull();
    });

    it('that are read by id take a call for each hundred, in any order', async () => {
      const nora = await signIn();
      const posts = (await truth(TWO_YEARS)).slice(0, 120).reverse();
      expect(
        await readById(
          nora,
          posts.map(({ id }) => id),
        ),
      ).toEqual(posts.map(rowOf));
      expect(await pathsOf('x')).toEqual(['/2/tweets', '/2/tweets']);
    });

    it('that are gone or unknown do not affect the others', async () => {
      const nora = await signIn();
      const [user] = await simulator.truthOfX(LAST_MONTH);
      const [post] = await truth(LAST_MONTH);
      const ids = [user?.deletedIds[0] as string, post?.id as string, '1'];
      expect(await readById(nora, ids)).toEqual([null, rowOf(post as TruePost), null]);
      expect(await readById(nora, ['1'])).toEqual([null]);
    });

    it('of others and reposts have public metrics only', async () => {
      const users = await simulator.truthOfX(LAST_MONTH);
      const foreign = users.find(({ username }) => username === 'tara_trails')?.posts[0] as TruePost;
      const everything = users.find(({ person }) => person === 'nora')?.posts ?? [];
      const passedOn = everything.find(({ kind }) => kind === 'repost') as TruePost;
      const [first, second] = (await readById(await signIn(), [foreign.id, passedOn.id])) as PostRow[];
      expect(first?.metrics).toEqual({ ...foreign.public, linkClicks: null, profileClicks: null });
      expect(second?.metrics).toEqual({ ...passedOn.public, linkClicks: null, profileClicks: null });
    });

    it('are the same where X counts reposts by their new name', async () => {
      const nora = await signIn();
      await simulator.change({ xFieldNames: 'post' });
      expect(await readPosts(nora, LAST_MONTH)).toEqual((await truth(LAST_MONTH)).map(rowOf));
    });
  });

  // X's documents can be read to mean that a post goes missing together with a field that is refused.
  describe('where posts are refused with their private fields', () => {
    beforeEach(() => simulator.change({ xRefusedFields: 'post-missing' }));

    it('timelines are complete', async () => {
      expect(await readPosts(await signIn(), TWO_YEARS)).toEqual((await truth(TWO_YEARS)).map(rowOf));
    });

    it('posts by id are complete', async () => {
      const nora = await signIn();
      const posts = (await truth(TWO_YEARS)).slice(0, 120);
      const ids = [...posts.map(({ id }) => id), '1'];
      expect(await readById(nora, ids)).toEqual([...posts.map(rowOf), null]);
      // The refused posts of each hundred are read once more.
      expect(await pathsOf('x')).toHaveLength(4);
    });
  });

  describe('failures', () => {
    const answerOf = async (fault?: Omit<Fault, 'provider'>, settings: Record<string, unknown> = {}) => {
      const nora = await signIn();
      await simulator.change(settings);
      if (fault) await simulator.breakNext({ ...fault, provider: 'x', times: 3 });
      return (await readPosts(nora, FEW_DAYS)) as Error;
    };

    it('for lack of credit concern the operator', async () => {
      expect(await answerOf(undefined, { xCreditSpent: true })).toBeInstanceOf(ConfigurationError);
    });

    it('of an app that is not enrolled concern the operator', async () => {
      const body = { reason: 'client-not-enrolled', type: 'https://api.twitter.com/2/problems/client-forbidden' };
      expect(await answerOf({ kind: 'status', status: 403, body })).toBeInstanceOf(ConfigurationError);
    });

    it('of an invalid request are ours', async () => {
      expect(await answerOf({ kind: 'status', status: 400 })).toBeInstanceOf(ProviderUnavailable);
    });

    it('to find the account mean that the user may not read it', async () => {
      const nora = await signIn();
      const stranger = { ...nora, account: { externalId: '12', access: {} } };
      expect(await readPosts(stranger, LONG_AGO)).toBeInstanceOf(Forbidden);
    });

    it('after too many requests report the retry delay', async () => {
      const nora = await signIn();
      await simulator.change({ xUserCalls: 1 });
      await readPosts(nora, FEW_DAYS);
      advanceSeconds(300);
      const answer = (await readPosts(nora, FEW_DAYS)) as RateLimited;
      expect(answer).toBeInstanceOf(RateLimited);
      expect(answer.retryAfter).toBe(600);
      advanceSeconds(600);
      expect(await readPosts(nora, FEW_DAYS)).toEqual((await truth(FEW_DAYS)).map(rowOf));
    });

    it('of one hundred do not affect the other hundreds', async () => {
      const nora = await signIn();
      const ids = (await truth(TWO_YEARS)).slice(0, 120).map(({ id }) => id);
      await simulator.breakNext({ provider: 'x', kind: 'status', status: 429, match: ids[119] as string });
      const answers = await readById(nora, ids);
      expect(answers.filter((answer) => answer instanceof RateLimited)).toHaveLength(20);
    });
  });
});
