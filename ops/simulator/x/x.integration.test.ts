import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, admin, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { api, connect, consentCode, exchangeCode, NORA } from './client-for-tests.js';

let simulator: Simulator;
let token: string;
beforeEach(async () => {
  simulator = await startForTests();
  token = (await connect(simulator)).access_token;
});
afterEach(() => simulator.close());

const get = (path: string, parameters: Record<string, string> = {}) => api(simulator, token, path, parameters);
const EVERYTHING = { 'tweet.fields': 'created_at,author_id,public_metrics,non_public_metrics,organic_metrics' };

async function truth(start = '2024-01-01', end = '2026-11-20', person: string | null = 'nora') {
  const { body } = await admin(simulator, `seed/x?start=${start}&end=${end}`);
  return body.users.find((user: any) => user.person === person);
}

function limits({ headers }: Answer): (string | null)[] {
  return ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-rate-limit-${name}`));
}

describe('users', () => {
  it('returns the signed-in user with the requested fields only', async () => {
    expect((await get('users/me')).body).toEqual({
      data: { id: NORA, name: 'Northwind Outdoor 🏔️', username: 'northwind_hq' },
    });
    const { body } = await get('users/me', { 'user.fields': 'public_metrics,created_at' });
    expect(Object.keys(body.data)).toEqual(['id', 'name', 'username', 'public_metrics', 'created_at']);
    expect(body.data.public_metrics.tweet_count).toBe((await truth()).posts.length);
  });

  it('returns several users, and an error for each missing one', async () => {
    const { status, body } = await get('users', { ids: `${NORA},12` });
    expect([status, body.data.length]).toEqual([200, 1]);
    expect(body.errors).toEqual([
      {
        value: '12',
        detail: 'Could not find user with ids: [12].',
        title: 'Not Found Error',
        resource_type: 'user',
        parameter: 'ids',
        resource_id: '12',
        type: 'https://api.x.com/2/problems/resource-not-found',
      },
    ]);
    expect((await get('users/by', { usernames: 'Northwind_HQ,ritas_flowers' })).body.data).toHaveLength(2);
    expect((await get(`users/${NORA}`)).body.data.id).toBe(NORA);
    expect((await get('users/by/username/northwind_hq')).body.data.id).toBe(NORA);
    expect((await get('users/12')).body).not.toHaveProperty('data');
  });
});

describe('posts by id', () => {
  it('have three fields by default', async () => {
    const [post] = (await truth()).posts;
    expect((await get(`tweets/${post.id}`)).body).toEqual({
      data: { id: post.id, text: post.text, edit_history_tweet_ids: [post.id] },
    });
  });

  it('send &, < and > as entities, and more than 280 characters in `note_tweet` only', async () => {
    const { posts } = await truth();
    const long = posts.find(({ text }: any) => [...text].length > 280);
    const { data } = (await get(`tweets/${long.id}`, { 'tweet.fields': 'note_tweet' })).body;
    const sent = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(data.note_tweet.text).toBe(sent(long.text));
    expect([...data.text].length).toBeLessThanOrEqual(280);
    expect(sent(long.text)).toContain(data.text);
    const short = posts.find(({ text }: any) => text.includes('<') && [...text].length <= 280);
    const { body } = await get(`tweets/${short.id}`, { 'tweet.fields': 'note_tweet' });
    expect(body.data).toEqual({ id: short.id, text: sent(short.text), edit_history_tweet_ids: [short.id] });
  });

  it('have metrics and author', async () => {
    const [post] = (await truth()).posts.filter((one: any) => one.private);
    const { body } = await get('tweets', { ids: post.id, ...EVERYTHING, expansions: 'author_id' });
    expect(body).toEqual({
      data: [
        {
          id: post.id,
          text: post.text,
          edit_history_tweet_ids: [post.id],
          created_at: post.createdAt,
          author_id: NORA,
          public_metrics: {
            retweet_count: post.public.reposts,
            reply_count: post.public.replies,
            like_count: post.public.likes,
            quote_count: post.public.quotes,
            bookmark_count: post.public.bookmarks,
            impression_count: post.public.impressions,
          },
          non_public_metrics: {
            impression_count: post.public.impressions,
            url_link_clicks: post.private.linkClicks,
            user_profile_clicks: post.private.profileClicks,
            engagements: post.private.engagements,
          },
          organic_metrics: {
            impression_count: post.public.impressions,
            like_count: post.public.likes,
            reply_count: post.public.replies,
            retweet_count: post.public.reposts,
            url_link_clicks: post.private.linkClicks,
            user_profile_clicks: post.private.profileClicks,
          },
        },
      ],
      includes: { users: [{ id: NORA, name: 'Northwind Outdoor 🏔️', username: 'northwind_hq' }] },
    });
  });

  it('are returned in part when some are deleted, and without data when all are', async () => {
    const { posts, deletedIds } = await truth();
    const some = await get('tweets', { ids: `${deletedIds[0]},${posts[0].id},1` });
    expect([some.status, some.body.data.length]).toEqual([200, 1]);
    expect(some.body.errors.map((error: any) => error.resource_id)).toEqual([deletedIds[0], '1']);
    const none = await get('tweets', { ids: '1' });
    expect([none.status, Object.keys(none.body)]).toEqual([200, ['errors']]);
  });

  it('keep private figures from others, and from the author after thirty days', async () => {
    const old = (await truth()).posts.find((post: any) => !post.private);
    const { body } = await get('tweets', { ids: old.id, ...EVERYTHING });
    expect(Object.keys(body.data[0])).not.toContain('non_public_metrics');
    expect(body.errors).toHaveLength(10);
    expect(body.errors[0]).toEqual({
      resource_type: 'tweet',
      field: 'non_public_metrics.impression_count',
      parameter: 'ids',
      resource_id: old.id,
      title: 'Field Authorization Error',
      section: 'data',
      detail: `Sorry, you are not authorized to access 'non_public_metrics.impression_count' on the Tweet with ids : [${old.id}].`,
      value: old.id,
      type: 'https://api.twitter.com/2/problems/not-authorized-for-field',
    });
    const [foreign] = (await truth('2026-01-01', '2026-11-20', null)).posts;
    expect((await get('tweets', { ids: foreign.id, ...EVERYTHING })).body.errors).toHaveLength(10);
    await admin(simulator, 'settings', { xRefusedFields: 'post-missing' });
    expect((await get('tweets', { ids: old.id, ...EVERYTHING })).body).not.toHaveProperty('data');
  });

  it('grow older with the clock', async () => {
    const [post] = (await truth()).posts.filter((one: any) => one.private && one.public.impressions > 50);
    const seen = async () =>
      (await get(`tweets/${post.id}`, { 'tweet.fields': 'public_metrics' })).body.data.public_metrics.impression_count;
    const before = await seen();
    await admin(simulator, 'clock', { advanceSeconds: 7000 });
    expect(await seen()).toBeGreaterThan(before);
  });

  it('accept the new field names when configured', async () => {
    const [post] = (await truth()).posts;
    expect((await get('tweets', { ids: post.id, 'post.fields': 'public_metrics' })).status).toBe(400);
    await admin(simulator, 'settings', { xFieldNames: 'post' });
    for (const name of ['post.fields', 'tweet.fields']) {
      const { body } = await get('tweets', { ids: post.id, [name]: 'public_metrics' });
      expect(body.data[0].public_metrics).toHaveProperty('repost_count', post.public.reposts);
      expect(body.data[0].public_metrics).not.toHaveProperty('retweet_count');
    }
  });
});

describe('a timeline', () => {
  async function walk(parameters: Record<string, string>): Promise<{ ids: string[]; pages: Answer[] }> {
    const pages: Answer[] = [];
    let next: string | undefined;
    do {
      const page = await get(`users/${NORA}/tweets`, { ...parameters, ...(next && { pagination_token: next }) });
      pages.push(page);
      next = page.body.meta.next_token;
    } while (next);
    return { pages, ids: pages.flatMap((page) => (page.body.data ?? []).map((post: any) => post.id)) };
  }

  it('leads through all posts, newest first, and back again', async () => {
    const { posts } = await truth();
    const { ids, pages } = await walk({ max_results: '100' });
    expect(ids).toEqual(posts.map((post: any) => post.id));
    expect(pages).toHaveLength(Math.ceil(posts.length / 100));
    const [first, second] = pages.map((page) => page.body);
    expect(first.meta).toMatchObject({ result_count: 100, newest_id: ids[0], oldest_id: ids[99] });
    expect(first.meta).not.toHaveProperty('previous_token');
    const back = await get(`users/${NORA}/tweets`, {
      max_results: '100',
      pagination_token: second.meta.previous_token,
    });
    expect(back.body.data).toEqual(first.data);
  });

  it('has ten posts by default', async () => {
    expect((await get(`users/${NORA}/tweets`)).body.data).toHaveLength(10);
  });

  it('can be limited by time, by id and by kind', async () => {
    const all = (await truth()).posts;
    const range = { start_time: '2026-10-01T00:00:00Z', end_time: '2026-10-31T23:59:59.000Z' };
    expect((await walk({ max_results: '50', ...range })).ids).toEqual(
      (await truth('2026-10-01', '2026-10-31')).posts.map((post: any) => post.id),
    );
    const between = await walk({ max_results: '5', since_id: all[20].id, until_id: all[3].id });
    expect(between.ids).toEqual(all.slice(4, 20).map((post: any) => post.id));
    const { ids } = await walk({ max_results: '100', exclude: 'retweets,replies' });
    expect(ids).toEqual(all.filter((post: any) => post.kind === 'post').map((post: any) => post.id));
  });

  it('has no data when it is empty', async () => {
    token = (await connect(simulator, 'emil')).access_token;
    const { body } = await get('users/me');
    expect((await get(`users/${body.data.id}/tweets`)).body).toEqual({ meta: { result_count: 0 } });
    expect(Object.keys((await get('users/12/tweets')).body)).toEqual(['errors']);
  });

  it('ends after thirty days of private figures when posts go missing with their fields', async () => {
    await admin(simulator, 'settings', { xRefusedFields: 'post-missing' });
    const { ids } = await walk({ max_results: '100', ...EVERYTHING });
    expect(ids).toEqual((await truth()).posts.filter((post: any) => post.private).map((post: any) => post.id));
    expect((await walk({ max_results: '100', 'tweet.fields': 'public_metrics' })).ids.length).toBeGreaterThan(850);
  });

  it('of mentions shows what others wrote', async () => {
    const { body } = await get(`users/${NORA}/mentions`, { max_results: '100', 'tweet.fields': 'author_id' });
    expect(body.data).toHaveLength(100);
    for (const post of body.data) {
      expect(post.text).toContain('@northwind_hq');
      expect(post.author_id).not.toBe(NORA);
    }
  });
});

describe('analytics', () => {
  it('add up to the totals, whatever the steps', async () => {
    const [post] = (await truth()).posts.filter((one: any) => one.private && one.public.impressions > 50);
    const range = { ids: post.id, start_time: '2026-10-01T00:00:00Z', end_time: '2026-11-20T12:00:00Z' };
    const { body } = await get('tweets/analytics', { ...range, granularity: 'daily' });
    const days = body.data[0].timestamped_metrics;
    expect(days[0].timestamp).toBe('2026-10-01T00:00:00Z');
    const sum = (name: string) => days.reduce((total: number, day: any) => total + day.metrics[name], 0);
    expect([sum('impressions'), sum('url_clicks'), sum('engagements')]).toEqual([
      post.public.impressions,
      post.private.linkClicks,
      post.private.engagements,
    ]);
    const total = await get('tweets/analytics', { ...range, granularity: 'total' });
    expect(total.body.data[0].metrics.impressions).toBe(post.public.impressions);
  });

  it('are refused for the posts of others, and without a plan for them', async () => {
    const [foreign] = (await truth('2026-01-01', '2026-11-20', null)).posts;
    const query = {
      ids: foreign.id,
      start_time: '2026-10-01T00:00:00Z',
      end_time: '2026-11-01T00:00:00Z',
      granularity: 'total',
    };
    expect((await get('tweets/analytics', query)).body.errors[0].title).toBe('Authorization Error');
    await admin(simulator, 'settings', { xAnalyticsEnrolled: false });
    expect(await get('tweets/analytics', query)).toMatchObject({
      status: 403,
      body: { reason: 'client-not-enrolled' },
    });
  });
});

describe('recent search', () => {
  it('looks through seven days', async () => {
    const { body } = await get('tweets/search/recent', { query: 'from:northwind_hq', max_results: '100' });
    expect(body.data.map((post: any) => post.id)).toEqual(
      (await truth()).posts
        .filter((post: any) => Date.parse(post.createdAt) >= Date.parse('2026-11-13T12:00:00Z'))
        .map((post: any) => post.id),
    );
  });
});

describe('strictness', () => {
  it.each([
    ['tweets', {}, 'ids', 'The `ids` query parameter can not be empty'],
    ['tweets', { ids: 'abc' }, 'ids', 'The `ids` query parameter value [abc] is not valid'],
    [
      'tweets',
      { ids: Array.from({ length: 101 }, (_, n) => n).join(',') },
      'ids',
      'The number of values in the `ids` query parameter list [101] is not between 1 and 100',
    ],
    ['tweets', { ids: '1', 'tweet.fields': 'metrics' }, 'tweet.fields', 'value [metrics] is not one of ['],
    [
      'tweets',
      { ids: '1', 'tweep.fields': 'text' },
      'tweep.fields',
      'The query parameter [tweep.fields] is not one of',
    ],
    ['users/me', { 'user.fields': '' }, 'user.fields', 'can not be empty'],
    [`users/${NORA}/tweets`, { max_results: '4' }, 'max_results', 'value [4] is not between 5 and 100'],
    [`users/${NORA}/tweets`, { max_results: '101' }, 'max_results', 'value [101] is not between 5 and 100'],
    [`users/${NORA}/tweets`, { pagination_token: 'x' }, 'pagination_token', 'value [x] is not valid'],
    [`users/${NORA}/tweets`, { start_time: '2026-10-01' }, 'start_time', 'value [2026-10-01] is not valid'],
    [`users/${NORA}/tweets`, { exclude: 'likes' }, 'exclude', 'value [likes] is not one of [retweets,replies]'],
    ['users/nora/tweets', {}, 'id', 'The `id` query parameter value [nora] is not valid'],
    ['tweets/analytics', { ids: '1', granularity: 'total' }, 'start_time', 'can not be empty'],
    ['tweets/search/recent', {}, 'query', 'can not be empty'],
  ] as [string, Record<string, string>, string, string][])('refuses %s with %j', async (path, query, name, message) => {
    const answer = await get(path, query);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.body).toMatchObject({
      title: 'Invalid Request',
      type: 'https://api.twitter.com/2/problems/invalid-request',
    });
    const problem = answer.body.errors.find((error: any) => name in error.parameters);
    expect(problem.message).toContain(message);
    expect(limits(answer)[0]).not.toBeNull();
  });

  it('answers 401 without a good token, 403 without the scopes and 404 elsewhere', async () => {
    expect(await api(simulator, 'x', 'users/me')).toMatchObject({
      status: 401,
      body: { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    });
    expect((await get('users/me/likes')).status).toBe(404);
    const code = await consentCode(simulator, 'nora', {}, { scopes: 'users.read' });
    token = (await exchangeCode(simulator, code)).body.access_token;
    expect(await get('users/me')).toMatchObject({ status: 403, body: { title: 'Forbidden' } });
  });

  it('answers 402 when the credit is spent', async () => {
    await admin(simulator, 'settings', { xCreditSpent: true });
    expect(await get('users/me')).toMatchObject({ status: 402, body: { title: 'CreditsDepleted' } });
  });
});

describe('limits', () => {
  it('count down to 429 and start over after fifteen minutes', async () => {
    const now = Date.parse('2026-11-20T12:00:00Z') / 1000;
    expect(limits(await get('users/me'))).toEqual(['75', '74', String(now + 900)]);
    await admin(simulator, 'settings', { xUserCalls: 2 });
    await admin(simulator, 'clock', { advanceSeconds: 60 });
    expect(limits(await get('users/me'))).toEqual(['2', '0', String(now + 900)]);
    const refused = await get('users/me');
    expect([refused.status, limits(refused)]).toEqual([429, ['2', '0', String(now + 900)]]);
    expect(refused.body).toEqual({
      title: 'Too Many Requests',
      detail: 'Too Many Requests',
      type: 'about:blank',
      status: 429,
    });
    expect((await get('users', { ids: NORA })).status).toBe(200);
    await admin(simulator, 'clock', { advanceSeconds: 840 });
    expect((await get('users/me')).status).toBe(200);
  });

  it('hold for all users of the app together', async () => {
    await admin(simulator, 'settings', { xAppCalls: 1 });
    expect((await get('tweets', { ids: '1' })).status).toBe(200);
    token = (await connect(simulator, 'emil')).access_token;
    expect((await get('tweets', { ids: '1' })).status).toBe(429);
  });
});

describe('rita', () => {
  it('withdraws consent at the first look at her posts', async () => {
    const tokens = await connect(simulator, 'rita');
    token = tokens.access_token;
    const { body } = await get('users/me');
    expect((await get(`users/${body.data.id}/tweets`)).status).toBe(401);
    expect((await get('users/me')).status).toBe(401);
  });
});

describe('faults', () => {
  it.each([
    [401, 'Unauthorized'],
    [402, 'CreditsDepleted'],
    [403, 'Forbidden'],
    [429, 'Too Many Requests'],
    [503, 'Service Unavailable'],
  ])('answer %i as X would', async (status, title) => {
    await admin(simulator, 'faults', { provider: 'x', kind: 'status', status });
    const answer = await get('users/me');
    expect([answer.status, answer.body.title, answer.headers.get('content-type')]).toEqual([
      status,
      title,
      'application/problem+json; charset=utf-8',
    ]);
    expect(limits(answer)[1]).toBe(status === 429 ? '0' : '900');
  });
});
