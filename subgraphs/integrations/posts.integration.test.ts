import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { groupBy } from 'es-toolkit/array';
import type { DayRange } from './calendar-day.js';
import { startOfUnit, type TimeUnit } from './compared-days.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';
import type { TruePost } from './testing/simulated-providers.js';

const PUBLIC = ['impressions', 'likes', 'reposts', 'replies', 'quotes', 'bookmarks'] as const;
const METRICS = `posts ${PUBLIC.join(' ')} linkClicks profileClicks engagements engagementRate`;

const POSTS = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [PostDimension!]! = [POST], $filter: PostFilterInput, $orderBy: PostOrderInput,
    $first: Int! = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        posts(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          range { start end }
          compared { start end }
          pageInfo { hasNextPage endCursor }
          totals { metrics { ${METRICS} } previous { ${METRICS} } change { posts { absolute percent } } }
          sources { account { id externalId } state reportedThrough fetchedAt code message }
          edges {
            node {
              post { externalId text createdAt url fetchedAt } account { externalId } client { name } day week month
              metrics { ${METRICS} } previous { ${METRICS} } change { likes { absolute percent } }
            }
          }
        }
      }
    }
  }
`;

const NOW = new Date('2026-11-20T12:00:00Z');

describe('the posts of an organization', () => {
  const nora = someone();
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(NOW);
    await stage.connect(nora, 'x');
    await stage.connect(nora, 'x', { person: 'vera' });
  });
  beforeEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  async function ask(variables: object, identity = nora) {
    const of = [{ __typename: 'Organization', id: identity.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(identity, POSTS, { of, ...variables });
    const found = data?._entities?.[0]?.posts;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  type OwnPost = TruePost & { account: string };

  /** Without reposts, which are not the account's own. */
  async function truthOf(range: DayRange, people = ['nora', 'vera']): Promise<OwnPost[]> {
    const users = await stage.simulated.truthOfX(range);
    return users
      .filter(({ person }) => person && people.includes(person))
      .flatMap(({ id, posts }) => posts.map((post) => ({ ...post, account: id })))
      .filter(({ kind }) => kind !== 'repost');
  }

  function sumOf(posts: OwnPost[]) {
    const sum = (read: (post: OwnPost) => number) => posts.reduce((total, post) => total + read(post), 0);
    const counts = Object.fromEntries(
      PUBLIC.map((name) => [name, sum((post) => post.public[name])]),
    ) as TruePost['public'];
    const { likes, reposts, replies, quotes, bookmarks, impressions } = counts;
    const engagements = likes + reposts + replies + quotes + bookmarks;
    const shown = posts.filter((post) => post.private !== null);
    const clicks = (name: 'linkClicks' | 'profileClicks') =>
      shown.length === 0 && posts.length > 0
        ? null
        : shown.reduce((total, post) => total + (post.private?.[name] ?? 0), 0);
    return {
      posts: posts.length,
      ...counts,
      linkClicks: clicks('linkClicks'),
      profileClicks: clicks('profileClicks'),
      engagements,
      engagementRate: impressions === 0 ? null : expect.closeTo(engagements / impressions, 12),
    };
  }

  const unit = (name: TimeUnit) => (post: OwnPost) => startOfUnit(post.createdAt.slice(0, 10), name);
  const groupings: [string[], (post: OwnPost) => string, (row: any) => string][] = [
    [[], () => '', () => ''],
    [['ACCOUNT'], ({ account }) => account, ({ account }) => account.externalId],
    [['DAY'], unit('DAY'), ({ day }) => day],
    [['WEEK'], unit('WEEK'), ({ week }) => week],
    [
      ['MONTH', 'ACCOUNT'],
      (post) => `${unit('MONTH')(post)} ${post.account}`,
      ({ month, account }) => `${month} ${account.externalId}`,
    ],
  ];
  const range = { start: '2026-10-05', end: '2026-11-20' };
  const compared = { start: '2026-08-19', end: '2026-10-04' };

  function groupsOf(posts: OwnPost[], keyOf: (post: OwnPost) => string) {
    return new Map(Object.entries(groupBy(posts, keyOf)));
  }

  describe.each(['asked', 'copied'])('when they are %s', (way) => {
    beforeAll(async () => {
      await stage.forgetAnswers();
      if (way === 'copied') await stage.copyAll();
      await stage.forgetAnswers();
    });

    it('are those of the seed, the newest first', async () => {
      const { rows, totalCount, totals, errors } = await ask({ range });
      expect(errors).toEqual([]);
      const expected = await truthOf(range);
      expect(totalCount).toBe(expected.length);
      const newestFirst = expected.toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
      expect(rows.map(({ post }: any) => new Date(post.createdAt).toISOString())).toEqual(
        newestFirst.map(({ createdAt }) => createdAt),
      );
      const found = new Map(rows.map((row: any) => [row.post.externalId, row]));
      for (const post of expected) {
        const row: any = found.get(post.id);
        expect([row.account.externalId, row.post.text]).toEqual([post.account, post.text]);
        expect(row.metrics).toEqual(sumOf([post]));
      }
      expect(totals.metrics).toEqual(sumOf(expected));
    });

    const some = way === 'asked' ? groupings.slice(0, 2) : groupings;
    it.each(some)('are summed and compared by %p', async (by, keyOf, keyOfRow) => {
      const { rows, totals, errors, ...found } = await ask({ range, compareTo: 'PREVIOUS_PERIOD', groupBy: by });
      expect(errors).toEqual([]);
      expect([found.range, found.compared]).toEqual([range, compared]);
      const [now, before] = [await truthOf(range), await truthOf(compared)];
      const expected = groupsOf(now, keyOf);
      const active = rows.filter(({ metrics }: any) => metrics.posts > 0);
      expect(new Map(active.map((row: any) => [keyOfRow(row), row.metrics]))).toEqual(
        new Map([...expected].map(([key, posts]) => [key, sumOf(posts)])),
      );
      if (!by.some((one) => ['DAY', 'WEEK', 'MONTH'].includes(one))) {
        const earlier = groupsOf(before, keyOf);
        for (const row of rows) expect(row.previous).toEqual(sumOf(earlier.get(keyOfRow(row)) ?? []));
      }
      expect([totals.metrics, totals.previous]).toEqual([sumOf(now), sumOf(before)]);
      expect(totals.change.posts.absolute).toBe(String(now.length - before.length));
    });

    it.each([
      { metric: 'IMPRESSIONS', value: 'CURRENT', direction: 'DESC' },
      { metric: 'ENGAGEMENT_RATE', value: 'CURRENT', direction: 'ASC' },
    ])('are ordered by %p, page by page to the last', async (orderBy) => {
      const whole = await ask({ range, orderBy });
      const pages: any[] = [];
      for (let after: string | null = null; ; ) {
        const { rows, pageInfo } = await ask({ range, orderBy, first: 17, after });
        pages.push(...rows);
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      expect(pages).toEqual(whole.rows);
      expect(pages).toHaveLength((await truthOf(range)).length);
      const values = whole.rows.map(({ metrics }: any) =>
        orderBy.metric === 'IMPRESSIONS' ? metrics.impressions : metrics.engagementRate,
      );
      const known = values.filter((value: number | null) => value !== null);
      expect(values.slice(0, known.length)).toEqual(known);
      const sign = orderBy.direction === 'DESC' ? -1 : 1;
      expect(known).toEqual(known.toSorted((one: number, other: number) => sign * (one - other)));
    });
  });

  it('are limited to accounts, texts, ids and conditions, in their totals, too', async () => {
    const all = await truthOf(range);
    const [first] = all as [OwnPost];
    const expected: [object, OwnPost[]][] = [
      [{ accountIds: [first.account] }, all.filter(({ account }) => account === first.account)],
      [{ textContains: 'BOOTS' }, all.filter(({ text }) => text.toLowerCase().includes('boots'))],
      [{ postIds: [first.id, '1'] }, [first]],
      [{ metrics: [{ metric: 'LIKES', atLeast: '5' }] }, all.filter((post) => post.public.likes >= 5)],
    ];
    for (const [filter, posts] of expected) {
      const { rows, totals } = await ask({ range, filter });
      expect(new Set(rows.map(({ post }: any) => post.externalId))).toEqual(new Set(posts.map(({ id }) => id)));
      expect(posts.length).toBeGreaterThan(0);
      expect(totals.metrics).toEqual(sumOf(posts));
    }
    const none = await ask({ range, filter: { textContains: 'no such words' } });
    expect([none.rows, none.totalCount, none.totals.metrics]).toEqual([[], 0, sumOf([])]);
  });

  describe('that are copied', () => {
    const stored = async (id: string) =>
      (
        await stage.sql(
          `SELECT text, likes::int, link_clicks::int AS "linkClicks", fetched_at AS "fetchedAt"
           FROM integrations.post WHERE external_id = $1`,
          [id],
        )
      )[0];
    const old = { start: '2026-09-01', end: '2026-09-30' };
    let nights = 0;
    const readAgain = async () => {
      nights += 1;
      const night = new Date(NOW.getTime() + nights * 86_400_000);
      stage.clock.now = night;
      await stage.sql('UPDATE integrations.history_day SET refresh_ordered_at = $1', [night]);
      await stage.sql('UPDATE integrations.account_history SET due_at = $1', [NOW]);
      await stage.forgetAnswers();
      await stage.copyAll();
      await stage.forgetAnswers();
    };
    afterAll(() => {
      stage.clock.now = NOW;
    });

    it('are not asked of X, but for the last three days', async () => {
      await stage.forgetAnswers();
      await stage.simulated.takeCalls();
      await ask({ range });
      const calls = await stage.simulated.takeCalls('x');
      expect(calls.length).toBeGreaterThan(0);
      for (const { query } of calls) expect(query.start_time).toBe('2026-11-18T00:00:00Z');
    });

    it('keep clicks that X does not report any more, and are read again before it stops', async () => {
      const [post] = (await truthOf(old)) as [OwnPost];
      await stage.sql('UPDATE integrations.post SET link_clicks = 7, likes = 0 WHERE external_id = $1', [post.id]);
      await readAgain();
      const [now] = await truthOf(old);
      expect(await stored(post.id)).toMatchObject({ linkClicks: 7, likes: now?.public.likes });
      const { rows } = await ask({ range: old, filter: { postIds: [post.id] } });
      expect(rows.map(({ metrics }: any) => metrics.linkClicks)).toEqual([7]);
      const marked = (day: string, fetchedAt: string) =>
        stage.sql(
          `UPDATE integrations.history_day SET fetched_at = $2, is_final = true, refresh_ordered_at = NULL WHERE day = $1`,
          [day, fetchedAt],
        );
      await marked('2026-10-24', '2026-11-01T12:00:00Z');
      await marked('2026-09-02', '2026-11-01T12:00:00Z');
      await stage.sql('UPDATE integrations.account_history SET due_at = $1', [NOW]);
      // There is something to copy, which marks what is due next.
      await stage.sql("DELETE FROM integrations.history_day WHERE day = '2026-11-19'");
      await stage.copyAll();
      const due = await stage.sql(
        `SELECT DISTINCT day::text FROM integrations.history_day WHERE refresh_ordered_at > fetched_at ORDER BY 1`,
      );
      expect(due.map(({ day }) => day)).toEqual(['2026-10-24']);
    });

    it('go when they are gone at X, and stay when X only does not list them', async () => {
      const [gone, unlisted] = (await truthOf(old)) as [OwnPost, OwnPost];
      const copy = (id: string) =>
        stage.sql(
          `INSERT INTO integrations.post SELECT organization_id, account_id, day, $1, created_at, 'deleted', url
             , 1, 1, 1, 1, 1, 1, 1, 1, fetched_at FROM integrations.post WHERE external_id = $2`,
          [id, gone.id],
        );
      await copy('999');
      const body = { meta: { result_count: 0 } };
      // X lists nothing of these days, though a post of them exists.
      await stage.simulated.breakNext({
        provider: 'x',
        kind: 'status',
        status: 200,
        body,
        match: '/tweets?max',
        times: 50,
      });
      await readAgain();
      await stage.simulated.forgetFaults();
      expect(await stored('999')).toBeUndefined();
      expect(await stored(unlisted.id)).toMatchObject({ text: unlisted.text });
      expect((await ask({ range: old })).totalCount).toBe((await truthOf(old)).length);
    });
  });

  it('of a profile that cannot be read are missing, and the others stay', async () => {
    const emil = someone();
    await stage.connect(emil, 'x');
    await stage.connect(emil, 'x', { person: 'vera' });
    const users = await stage.simulated.truthOfX(range);
    const vera = users.find(({ person }) => person === 'vera');
    await stage.simulated.breakNext({
      provider: 'x',
      kind: 'status',
      status: 500,
      match: `/users/${vera?.id}/`,
      times: 9,
    });
    const { rows, sources, totals, errors } = await ask({ range }, emil);
    expect(errors).toEqual([]);
    const states = new Map(sources.map(({ account, state, code }: any) => [account.externalId, [state, code]]));
    expect(states.get(vera?.id)).toEqual(['MISSING', 'PROVIDER_UNAVAILABLE']);
    expect([...states.values()].filter(([, code]: any) => code === null)).toHaveLength(1);
    const others = await truthOf(range, ['nora']);
    expect(totals.metrics).toEqual(sumOf(others));
    expect(rows).toHaveLength(others.length);
  });

  it.each<[string, object, string]>([
    ['posts compared with other posts', { compareTo: 'PREVIOUS_PERIOD' }, 'groupBy'],
    ['two comparisons', { compareTo: 'PREVIOUS_YEAR', compareRange: range, groupBy: [] }, 'compareTo'],
    ['a change of nothing', { groupBy: ['ACCOUNT'], orderBy: { metric: 'LIKES', value: 'CHANGE' } }, 'orderBy'],
    ['a page of nothing', { first: 0 }, 'first'],
    ['a foreign cursor', { after: 'x' }, 'after'],
    ['a zero character', { filter: { textContains: '\0' } }, 'filter.textContains'],
    ['an id with one', { filter: { postIds: ['1\0'] } }, 'filter.postIds'],
    ['a long text', { filter: { textContains: 'a'.repeat(201) } }, 'filter.textContains'],
  ])('are refused for %s', async (_what, given, argument) => {
    const { code, errors } = await ask(given);
    expect([code, errors[0].extensions.details?.[0].argument ?? errors]).toEqual(['BAD_USER_INPUT', argument]);
  });
});
