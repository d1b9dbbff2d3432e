import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import { organizationFigures } from './testing/organization-figures.js';
import type { Fault } from './testing/simulated-providers.js';

// What one operation costs at each provider, counted in the simulator's log: the fewest calls the provider allows.

declare global {
  /** How many people ask at once; absent = a few. `call-counts.drill.test.ts` has many. */
  var usersAtOnce: number | undefined;
}

const USERS = globalThis.usersAtOnce ?? 8;
const SEPTEMBER = '{ start: "2026-09-01", end: "2026-09-30" }';
const RANGES = [
  '{ start: "2026-09-01", end: "2026-09-07" }',
  '{ start: "2026-09-08", end: "2026-09-14" }',
  '{ start: "2026-09-12", end: "2026-09-20" }',
];

const campaigns = (first: number) =>
  `campaigns(range: ${SEPTEMBER}, first: ${first}) { edges { node { externalId metrics(range: ${SEPTEMBER}) { impressions } } } }`;
const parts = (...names: string[]) =>
  `campaigns(range: ${SEPTEMBER}, first: 1000) { edges { node { ${names.map((name) => `${name}(range: ${SEPTEMBER}) { totalCount }`).join(' ')} } } }`;
const campaignsOfRanges = (count: number) =>
  RANGES.slice(0, count)
    .map((range, n) => `r${n}: campaigns(range: ${range}, first: 1000) { edges { node { externalId } } }`)
    .join(' ');

interface Row {
  what: string;
  providerId: string;
  api: Fault['provider'];
  /** The number of accounts read. */
  accounts: number;
  fields: string;
  calls: number;
}

const googleAds = { providerId: 'google-ads', api: 'google-ads' } as const;
const meta = { providerId: 'meta-ads', api: 'meta' } as const;
const linkedIn = { providerId: 'linkedin-ads', api: 'linkedin' } as const;
const business = { providerId: 'business-profile', api: 'business-profile' } as const;

const rows: Row[] = [
  { what: '200 campaigns of 5 customers', ...googleAds, accounts: 5, fields: campaigns(40), calls: 5 },
  { what: '1,000 campaigns of 20 customers', ...googleAds, accounts: 20, fields: campaigns(50), calls: 20 },
  {
    what: 'their days beside their sums',
    ...googleAds,
    accounts: 5,
    fields: `${campaigns(40)} metricsDaily(range: ${SEPTEMBER}) { date }`,
    calls: 10,
  },
  {
    what: '3 ranges of days of one customer',
    ...googleAds,
    accounts: 1,
    fields: RANGES.map((range, n) => `d${n}: metricsDaily(range: ${range}) { date }`).join(' '),
    calls: 1,
  },
  { what: '2 ranges of campaigns of one customer', ...googleAds, accounts: 1, fields: campaignsOfRanges(2), calls: 2 },
  { what: '3 ranges of campaigns of one customer', ...googleAds, accounts: 1, fields: campaignsOfRanges(3), calls: 2 },
  { what: 'the ads of all campaigns of 5 customers', ...googleAds, accounts: 5, fields: parts('ads'), calls: 5 + 5 },
  {
    what: 'ad groups, ads and keywords of a customer',
    ...googleAds,
    accounts: 1,
    fields: parts('adGroups', 'ads', 'keywords'),
    calls: 1 + 3,
  },
  { what: 'ad sets and ads of 5 accounts', ...meta, accounts: 5, fields: parts('adGroups', 'ads'), calls: 1 + 1 },
  // One list of campaigns and one of figures; figures, and a list in pages of 100.
  { what: 'the ads of an account', ...linkedIn, accounts: 1, fields: parts('ads', 'adGroups'), calls: 2 + 1 + 3 },
  { what: '1,000 campaigns of 20 accounts', ...meta, accounts: 20, fields: campaigns(50), calls: 1 },
  { what: '3 ranges of 10 accounts', ...meta, accounts: 10, fields: campaignsOfRanges(3), calls: 1 },
  { what: '200 campaigns of 4 accounts', ...linkedIn, accounts: 4, fields: campaigns(50), calls: 4 + 1 },
  { what: '1,000 campaigns of 20 accounts', ...linkedIn, accounts: 20, fields: campaigns(50), calls: 20 + 1 },
  { what: '3 ranges of 4 accounts', ...linkedIn, accounts: 4, fields: campaignsOfRanges(3), calls: 4 + 3 },
  {
    what: 'the places of 20 accounts',
    ...business,
    accounts: 20,
    fields: 'locations { edges { node { name } } }',
    calls: 20,
  },
];

const everything = [...new Set(rows.map(({ providerId }) => providerId)), 'search-console', 'google-analytics', 'x'];

describe('the calls to a provider', () => {
  const vera = someone();
  const accounts = new Map<string, { id: string; externalId: string }[]>();
  let stage: Stage;
  let ask: Stage['ask'];

  beforeAll(async () => {
    stage = await openStage();
    // Counted, not timed: on a busy machine nothing is given up early.
    ({ ask } = await stage.reopen({ PROVIDER_TIMEOUT_MS: '60000' }));
    for (const id of everything) accounts.set(id, await connect(vera, id));
  });
  beforeEach(async () => {
    await stage.forgetAnswers();
    await stage.simulated.takeCalls();
  });
  afterAll(() => stage.close());

  async function connect(identity: Identity, providerId: string): Promise<{ id: string; externalId: string }[]> {
    return (await stage.connect(identity, providerId, { person: 'vera' })).accounts;
  }

  const queryFor = (ids: string[], fields: string) =>
    `{ ${ids.map((id, n) => `a${n}: account(id: "${id}") { ${fields} }`).join(' ')} }`;
  const idsOf = (providerId: string, count: number) =>
    (accounts.get(providerId) ?? []).slice(0, count).map(({ id }) => id);

  async function callsOf(api: Fault['provider']): Promise<number> {
    return (await stage.simulated.takeCalls(api)).filter(({ inner }) => !inner).length;
  }

  it.each(rows)('for $what at $providerId are $calls', async ({ providerId, api, accounts: count, fields, calls }) => {
    const ids = idsOf(providerId, count);
    expect(ids).toHaveLength(count);
    const { data, errors } = await ask(vera, queryFor(ids, fields));
    expect(errors).toEqual([]);
    expect(Object.values(data)).toHaveLength(count);
    expect(await callsOf(api)).toBe(calls);
  });

  it('for the queries, pages and totals of 20 sites are one each, and one for how far they are reported', async () => {
    const given = { organizationId: vera.organizationId, providerId: 'search-console', range: SEPTEMBER, first: 10 };
    const [ten, fifty] = [organizationFigures('ten', given), organizationFigures('fifty', { ...given, first: 50 })];
    const { data, errors } = await ask(vera, `{ ${ten} ${fifty} }`);
    expect(errors).toEqual([]);
    const [{ searchQueries }] = data.ten;
    const states = searchQueries.sources.map(({ state, reportedThrough }: any) => `${state} ${reportedThrough}`);
    expect(states).toEqual(Array(20).fill('COMPLETE 2026-09-30'));
    // Queries, the totals of all, and the coverage.
    expect(await callsOf('search-console')).toBe(20 * 3);
  });

  const day = (offset: number) => new Date(stage.clock.now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const productsOver = ({ start, end }: { start: string; end: string }) => {
    const range = `range: { start: "${start}", end: "${end}" }`;
    const reported = 'reportedThrough freshness { isStale }';
    const campaignsOf = `campaigns(${range}, first: 5) { ${reported} edges { node { metricsDaily(${range}) { date } } } }`;
    return [
      ['google-ads', `${campaignsOf} metricsDaily(${range}) { date }`],
      ['meta-ads', campaignsOf],
      ['linkedin-ads', campaignsOf],
    ] as const;
  };

  it('are none for a range in the future, which every product refuses alike', async () => {
    for (const [providerId, fields] of productsOver({ start: day(3), end: day(5) })) {
      const { code, errors } = await ask(vera, queryFor(idsOf(providerId, 1), fields));
      expect({ fields, code }).toEqual({ fields, code: 'BAD_USER_INPUT' });
      expect(errors[0].extensions.details).toEqual([{ argument: 'range', problem: 'must not start in the future' }]);
    }
    const own = ['google-ads', 'meta', 'linkedin', 'x'] as const;
    for (const api of own) expect(await callsOf(api)).toBe(0);
  });

  it('ask for no day to come, and no product has figures for one', async () => {
    for (const [providerId, fields] of productsOver({ start: day(-20), end: day(5) })) {
      const { data, errors } = await ask(vera, queryFor(idsOf(providerId, 1), fields));
      expect(errors).toEqual([]);
      const shown = JSON.stringify(data);
      const through = [...shown.matchAll(/"reportedThrough":"([^"]+)"/g)].map(([, last]) => last as string);
      expect({ providerId, through: through.length }).not.toEqual({ providerId, through: 0 });
      for (const last of through) expect(last <= day(1)).toBe(true);
      const days = [...shown.matchAll(/"date":"([\d-]+)/g)].map(([, of]) => of as string);
      const last = through[0] ?? day(0);
      for (const one of days) expect(one.replaceAll('-', '') <= last.replaceAll('-', '')).toBe(true);
    }
    const asked = JSON.stringify(await stage.simulated.takeCalls());
    for (const offset of [2, 3, 4, 5]) expect(asked).not.toContain(day(offset));
  });

  it('answer every question', async () => {
    const { data } = await ask(vera, queryFor(idsOf('google-ads', 5), campaigns(40)));
    const shown = Object.values<any>(data).flatMap(({ campaigns: { edges } }) => edges);
    expect(new Set(shown.map(({ node }) => node.externalId)).size).toBe(200);
  });

  it('for several ranges of a Google Ads customer return what single calls return', async () => {
    const [id] = idsOf('google-ads', 1) as [string];
    const fields = RANGES.map(
      (range, n) => `r${n}: campaigns(range: ${range}, first: 1000) { edges { node {
        externalId name status metrics(range: ${range}) { impressions clicks conversions cost { amount } conversionValue { amount } }
      } } }`,
    );
    const together = await ask(vera, queryFor([id], fields.join(' ')));
    await stage.forgetAnswers();
    for (const [n, field] of fields.entries()) {
      const alone = await ask(vera, queryFor([id], field));
      expect(alone.data.a0[`r${n}`].edges.length).toBeGreaterThan(20);
      expect(together.data.a0[`r${n}`]).toEqual(alone.data.a0[`r${n}`]);
    }
  });

  it('for figures of 20 properties are one each, which other pages share', async () => {
    const given = { organizationId: vera.organizationId, providerId: 'google-analytics', range: SEPTEMBER };
    const { data, errors } = await ask(vera, `{ ${organizationFigures('found', given)} }`);
    expect(errors).toEqual([]);
    expect(data.found[0].analytics.sources.map(({ state }: any) => state)).toEqual(Array(20).fill('COMPLETE'));
    expect(await callsOf('google-analytics')).toBe(20);
    await ask(vera, `{ ${organizationFigures('found', { ...given, first: 7 })} }`);
    expect(await callsOf('google-analytics')).toBe(0);
  });

  /** Fields of the organization. */
  const ofOrganization = (fields: string) =>
    `organization: _entities(representations: [{ __typename: "Organization", id: "${vera.organizationId}", timeZone: "UTC" }]) {
      ... on Organization { ${fields} }
    }`;

  it('for the posts of X are one per hundred, of either age', async () => {
    const range = 'range: { start: "2026-08-01", end: "2026-11-20" }';
    const { data, errors } = await ask(vera, `{ ${ofOrganization(`posts(${range}) { totalCount }`)} }`);
    expect(errors).toEqual([]);
    const { totalCount } = data.organization[0].posts;
    expect(totalCount).toBeGreaterThan(120);
    expect(await callsOf('x')).toBeLessThanOrEqual(Math.ceil(totalCount / 100) + 1);
  });

  it('for a range of places and the one it is compared with are one per place, and the list', async () => {
    const id = idsOf('business-profile', 1)[0];
    const compared = 'compareTo: PREVIOUS_PERIOD, groupBy: []';
    const places = `places(range: ${SEPTEMBER}, filter: { accountIds: ["${id}"] }, ${compared}) { totalCount sources { state } }`;
    const { data, errors } = await ask(vera, `{ ${ofOrganization(places)} }`);
    expect([errors, data.organization[0].places.totalCount]).toEqual([[], 1]);
    expect(await callsOf('business-profile')).toBe(1 + 3);
  });

  // One question to each provider, as a dashboard that shows all of them asks.
  const dashboard = () => {
    const one = (providerId: string, fields: string) =>
      `${providerId.replaceAll('-', '')}: account(id: "${idsOf(providerId, 1)[0]}") { ${fields} }`;
    const given = { organizationId: vera.organizationId, range: SEPTEMBER };
    const searches = organizationFigures('searches', { ...given, providerId: 'search-console' });
    const analytics = organizationFigures('analytics', { ...given, providerId: 'google-analytics' });
    return `{
      ${one('google-ads', campaigns(10))} ${one('meta-ads', campaigns(10))} ${one('linkedin-ads', campaigns(10))}
      ${analytics} ${searches}
      ${one('business-profile', 'locations { edges { node { name } } }')}
      ${ofOrganization(`posts(range: ${SEPTEMBER}, first: 5) { edges { node { post { text } } } }`)}
    }`;
  };

  it(`for ${USERS} users of one organization are those for one of them`, async () => {
    const askAs = (person: Identity) => ask(person, dashboard());
    const alone = await askAs(vera);
    const callsForOne = (await stage.simulated.takeCalls()).map(({ path }) => path).sort();
    expect(alone.errors).toEqual([]);
    await stage.forgetAnswers();
    const people = Array.from({ length: USERS }, () => someone('VIEWER', vera.organizationId));
    const answers = await Promise.all(people.map(askAs));
    for (const { data } of answers) expect(data).toEqual(alone.data);
    expect((await stage.simulated.takeCalls()).map(({ path }) => path).sort()).toEqual(callsForOne);
  });

  it('are never shared by two organizations with the same account', async () => {
    const other = someone();
    const theirs = await connect(other, 'meta-ads');
    await stage.simulated.takeCalls();
    const [ownId, theirId] = [idsOf('meta-ads', 1)[0], theirs[0]?.id] as [string, string];
    const query = queryFor([ownId], campaigns(5));
    const [own, foreign] = await Promise.all([ask(vera, query), ask(other, query.replace(ownId, theirId))]);
    expect([own.errors, foreign.errors]).toEqual([[], []]);
    expect(await callsOf('meta')).toBe(2);
    expect((await ask(other, query)).code).toBe('NOT_FOUND');
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 3 });
    const later = campaigns(5).replace('2026-09-30', '2026-09-29');
    expect((await ask(vera, queryFor([ownId], later))).code).toBe('PROVIDER_UNAVAILABLE');
    expect((await ask(other, queryFor([theirId], later))).errors).toEqual([]);
  });
});
