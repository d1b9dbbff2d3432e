import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { everyTransport, type OpenTransport, openTransport } from './open-transport.js';

type Days = { start: string; end: string };

/** A day of a campaign as the simulator computes it, amounts in millionths. */
interface TrueDay {
  provider: string;
  account: string;
  currency: string;
  campaign: string;
  type: string;
  day: string;
  impressions: number;
  clicks: number;
  cost: bigint;
}

const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;
const MILLIONTHS = 6;

function microsOf(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(MILLIONTHS, '0'));
}

const dayBefore = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const isIn = (day: string, { start, end }: Days) => day >= start && day <= end;
const readExample = (name: string) => readFileSync(schemaFile(`examples/${name}.graphql`), 'utf8');

/** Counts figures that are compared, and names those that differ. */
class Comparison {
  count = 0;
  readonly differences: string[] = [];

  figure(what: string, actual: unknown, expected: unknown): void {
    this.count += 1;
    if (actual !== expected) this.differences.push(`${what}: ${actual}, not ${expected}`);
  }

  metrics(what: string, actual: any, expected: Sums | undefined): void {
    const { impressions, clicks, cost } = expected ?? { impressions: 0, clicks: 0, cost: 0n };
    if ('impressions' in actual) this.figure(`impressions of ${what}`, actual.impressions, impressions);
    if ('clicks' in actual) this.figure(`clicks of ${what}`, actual.clicks, clicks);
    if ('cost' in actual) this.figure(`cost of ${what}`, microsOf(actual.cost.amount), cost);
  }
}

interface Sums {
  impressions: number;
  clicks: number;
  cost: bigint;
}

function sumUp(days: TrueDay[], keyOf: (day: TrueDay) => string): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const day of days) {
    const key = keyOf(day);
    const { impressions, clicks, cost } = sums.get(key) ?? { impressions: 0, clicks: 0, cost: 0n };
    sums.set(key, {
      impressions: impressions + day.impressions,
      clicks: clicks + day.clicks,
      cost: cost + day.cost,
    });
  }
  return sums;
}

describe.each(everyTransport)('the examples, subgraphs %s', (transport) => {
  let open: OpenTransport;
  let client: Client;
  let truth: TrueDay[];
  const all = new Comparison();
  const tried = new Set<string>();
  const rowCosts = new Map<string, number[]>();

  beforeAll(async () => {
    open = await openTransport(transport);
    ({ client } = await new Client(open.url).signUp('Ada'));
    for (const provider of [...Object.keys(seeds), 'google-analytics', 'search-console', 'business-profile', 'x']) {
      expect((await client.connect(provider)).status).toBe(200);
    }
    truth = await readTruth();
  });
  afterAll(async () => {
    await open.close();
    process.stdout.write(`Examples: ${all.count} figures compared, ${all.differences.length} differ.\n`);
  });

  async function seed(name: string, query: string): Promise<any[]> {
    const seeded: any = await (await fetch(`${open.simulatorUrl}/_simulator/seed/${name}?${query}`)).json();
    return seeded.accounts ?? seeded.users;
  }

  /** The ids at a provider of its accounts that are connected. */
  async function ownIds(provider: string): Promise<Set<string>> {
    const { data } = await client.ask(
      'query ($of: [ID!]) { organization { accounts(providers: $of) { externalId status } } }',
      { of: [provider] },
    );
    const active = data.organization.accounts.filter(({ status }: any) => status === 'ACTIVE');
    return new Set(active.map(({ externalId }: any) => externalId));
  }

  /** The seven days up to yesterday in each account's time zone, which need not be those of the organization, by the account's id. */
  async function lastSevenDaysOfAccounts(): Promise<Map<string, Days>> {
    const { data } = await client.ask('{ organization { accounts { externalId timeZone } } }');
    return new Map(
      data.organization.accounts.map(({ externalId, timeZone }: any) => {
        const today = Temporal.Now.plainDateISO(timeZone);
        return [externalId, { start: `${today.subtract({ days: 7 })}`, end: `${today.subtract({ days: 1 })}` }];
      }),
    );
  }

  async function readTruth(): Promise<TrueDay[]> {
    const { data } = await client.ask('{ organization { accounts { externalId provider { id } status } } }');
    const days: TrueDay[] = [];
    for (const [provider, name] of Object.entries(seeds)) {
      const own = new Set(
        data.organization.accounts
          .filter((account: any) => account.provider.id === provider && account.status === 'ACTIVE')
          .map(({ externalId }: any) => externalId),
      );
      for (const account of await seed(name, `start=${dayBefore(560)}&end=${dayBefore(0)}&daily=1`)) {
        if (!own.has(account.id)) continue;
        for (const { id, type, daily } of account.campaigns) {
          for (const { date, impressions, clicks, costMicros } of daily) {
            const of = { provider, account: account.id, currency: account.currency, campaign: id, type };
            days.push({ ...of, day: date, impressions, clicks, cost: BigInt(costMicros) });
          }
        }
      }
    }
    return days;
  }

  async function run(name: string, variables: Record<string, unknown> = {}): Promise<any> {
    tried.add(`${name}.graphql`);
    const { data, errors } = await client.ask(readExample(name), variables);
    expect([name, errors]).toEqual([name, undefined]);
    return data.organization ?? data.me.organization;
  }

  /** Compares each row with the sums of the days that count to it, and that no sum is without a row. */
  function compareRows(
    name: string,
    { range, compared, edges, pageInfo: _ }: any,
    keys: { ofDay(day: TrueDay): string; ofRow(row: any): string; isPart?: boolean; shiftsDays?: boolean },
  ): void {
    const { ofDay, ofRow, isPart = false } = keys;
    const current = sumUp(
      truth.filter(({ day }) => isIn(day, range)),
      ofDay,
    );
    const previous =
      compared &&
      sumUp(
        truth.filter(({ day }) => isIn(day, compared)),
        ofDay,
      );
    const found = new Set<string>();
    for (const { node } of edges) {
      const key = ofRow(node);
      found.add(key);
      all.metrics(`${key} in ${name}`, node.metrics, current.get(key));
      if (previous && node.previous && !keys.shiftsDays)
        all.metrics(`${key} before, in ${name}`, node.previous, previous.get(key));
    }
    expect(edges.length).toBeGreaterThan(0);
    if (!isPart) {
      const missing = [...current].filter(([key, { impressions }]) => impressions > 0 && !found.has(key));
      expect([name, missing.map(([key]) => key)]).toEqual([name, []]);
    }
  }

  const ofAccount = {
    ofDay: ({ account, provider }: TrueDay) => `${provider} ${account}`,
    ofRow: ({ account }: any) => `${account.provider.id} ${account.externalId}`,
  };
  const ofCampaign = {
    ofDay: ({ account, campaign }: TrueDay) => `${account} ${campaign}`,
    ofRow: ({ account, campaign }: any) => `${account.externalId} ${campaign.externalId}`,
    isPart: true,
  };

  it('compare channels, with the cost of a conversion', async () => {
    const { performance } = await run('compare-channels');
    compareRows('compare-channels', performance, {
      ofDay: ({ provider, currency }) => `${provider} ${currency}`,
      ofRow: ({ provider, currency }) => `${provider.id} ${currency}`,
    });
    for (const { node } of performance.edges) {
      const { cost, conversions, cpa } = node.metrics;
      if (conversions) expect(Number(cpa.amount)).toBeCloseTo(Number(cost.amount) / conversions, 4);
    }
    const totals = sumUp(
      truth.filter(({ day }) => isIn(day, performance.range)),
      ({ currency }) => currency,
    );
    for (const { currency, metrics } of performance.totals)
      all.metrics(`${currency} in all`, metrics, totals.get(currency));
  });

  it('find the campaigns that moved most', async () => {
    const { winners, losers } = await run('top-movers');
    for (const [name, movers] of Object.entries({ winners, losers })) compareRows(name, movers, ofCampaign);
    const before = sumUp(
      truth.filter(({ day }) => isIn(day, winners.compared)),
      ofCampaign.ofDay,
    );
    const now = sumUp(
      truth.filter(({ day }) => isIn(day, winners.range)),
      ofCampaign.ofDay,
    );
    const keys = new Set([...before.keys(), ...now.keys()]);
    const changes = [...keys].map((key) => (now.get(key)?.clicks ?? 0) - (before.get(key)?.clicks ?? 0));
    const changesIn = ({ edges }: any) => edges.map(({ node }: any) => Number(node.change.clicks.absolute));
    const sorted = changes.sort((one, other) => other - one);
    expect(changesIn(winners)).toEqual(sorted.slice(0, 5));
    expect(changesIn(losers)).toEqual(sorted.reverse().slice(0, 5));
  });

  it('list new and lost search queries', async () => {
    const [range, compareRange] = [
      { start: dayBefore(20), end: dayBefore(20) },
      { start: dayBefore(41), end: dayBefore(41) },
    ];
    const found = await run('new-and-lost-queries', { range, compareRange, first: 1000 });
    const own = await ownIds('search-console');
    const queriesIn = async ({ start, end }: Days) => {
      const sums = new Map<string, { clicks: number; impressions: number }>();
      for (const { id, queries } of await seed('search-console', `start=${start}&end=${end}`)) {
        for (const { name, clicks, impressions } of own.has(id) ? queries : []) {
          const known = sums.get(name) ?? { clicks: 0, impressions: 0 };
          sums.set(name, { clicks: known.clicks + clicks, impressions: known.impressions + impressions });
        }
      }
      return sums;
    };
    const [now, before] = [await queriesIn(range), await queriesIn(compareRange)];
    for (const [name, there, away, side] of [
      ['new', now, before, 'metrics'],
      ['lost', before, now, 'previous'],
    ] as const) {
      const expected = [...there].filter(([query]) => !away.has(query));
      expect([name, found[name].totalCount]).toEqual([name, expected.length]);
      for (const { node } of found[name].edges) {
        all.figure(`clicks of ${node.query}, ${name}`, node[side].clicks, there.get(node.query)?.clicks);
        all.figure(`impressions of ${node.query}, ${name}`, node[side].impressions, there.get(node.query)?.impressions);
      }
    }
  });

  it.each<[string, Parameters<typeof compareRows>[2]]>([
    [
      'weekday-pattern',
      { ofDay: ({ day, currency }) => `${day} ${currency}`, ofRow: ({ day, currency }) => `${day} ${currency}` },
    ],
    ['since-yesterday', ofAccount],
    [
      'months-by-channel',
      {
        ofDay: ({ day, provider, type, currency }) => `${day.slice(0, 7)} ${provider} ${type} ${currency}`,
        ofRow: ({ month, provider, campaignType, currency }) =>
          `${month.slice(0, 7)} ${provider.id} ${campaignType} ${currency}`,
        shiftsDays: true,
      },
    ],
    ['overspending', ofCampaign],
    ['best-ads', ofCampaign],
  ])('answer %s', async (name, keys) => {
    compareRows(
      name,
      (await run(name, name === 'months-by-channel' ? { period: 'LAST_MONTH' } : {})).performance,
      keys,
    );
  });

  it('name the ads behind a campaign', async () => {
    const { performance } = await run('best-ads', {
      filter: { providers: ['google-ads'], nameContains: '| Search |' },
    });
    const days = await lastSevenDaysOfAccounts();
    const ofParts = sumUp(
      truth.filter(({ account, day }) => isIn(day, days.get(account) as Days)),
      ofCampaign.ofDay,
    );
    for (const { node } of performance.edges) {
      for (const part of [node.campaign.adGroups, node.campaign.ads]) {
        const sum = (name: 'impressions' | 'clicks') =>
          part.edges.reduce((total: number, { node: { metrics } }: any) => total + metrics[name], 0);
        const expected = ofParts.get(ofCampaign.ofRow(node));
        all.figure(`impressions of parts of ${node.campaign.name}`, sum('impressions'), expected?.impressions);
        all.figure(`clicks of parts of ${node.campaign.name}`, sum('clicks'), expected?.clicks);
      }
    }
  });

  it('review the clients', async () => {
    const { data } = await client.ask(
      '{ organization { accounts { id externalId currency provider { id } status } } }',
    );
    const [first, second] = data.organization.accounts.filter(
      ({ provider, status }: any) => provider.id in seeds && status === 'ACTIVE',
    );
    const created = await client.ask(
      'mutation ($ids: [ID!]!) { createClient(name: "Northwind", accountIds: $ids) { client { id } } }',
      { ids: [first.id, second.id] },
    );
    const { id } = created.data.createClient.client;
    const { performance } = await run('client-overview', { clientIds: [id] });
    const own = (day: TrueDay) =>
      [first, second].some((account) => account.externalId === day.account && account.provider.id === day.provider);
    compareRows('client-overview', performance, {
      ofDay: (day) => (own(day) ? `${day.provider} ${day.currency}` : 'others'),
      ofRow: ({ client: of, provider, currency }) => (of.id === id ? `${provider.id} ${currency}` : 'none'),
      isPart: true,
    });
  });

  it('say whether figures are final, and what they are in one currency', async () => {
    const { performance } = await run('is-it-final', { period: 'LAST_90_DAYS' });
    const totals = sumUp(
      truth.filter(({ day }) => isIn(day, performance.range)),
      ({ currency }) => currency,
    );
    for (const { currency, metrics } of performance.totals)
      all.metrics(`${currency}, final or not`, metrics, totals.get(currency));
    const open = performance.sources.filter(({ code }: any) => code !== 'ACCOUNT_CLOSED');
    expect(new Set(open.map(({ state }: any) => state))).toEqual(new Set(['NOT_FINAL']));
    const { performance: converted } = await run('one-currency', { currency: 'EUR' });
    const sums = sumUp(
      truth.filter(({ day }) => isIn(day, converted.range)),
      ({ account }) => account,
    );
    for (const { node } of converted.edges) {
      if (node.account.currency === 'EUR')
        all.metrics(`${node.account.externalId} in EUR`, node.metrics, sums.get(node.account.externalId));
    }
  });

  it('are a dashboard and a comparison', async () => {
    const days = (from: number, to: number) => ({ start: dayBefore(from), end: dayBefore(to) });
    const { channels, campaigns } = await run('dashboard', { range: days(30, 1) });
    compareRows(
      'dashboard',
      { ...channels, range: days(30, 1) },
      {
        ofDay: ({ provider, currency }) => `${provider} ${currency}`,
        ofRow: ({ provider, metrics }) => `${ids[provider.name as keyof typeof ids]} ${metrics.cost.currency}`,
      },
    );
    expect(campaigns.edges).toHaveLength(10);
    await run('compare', { month: days(30, 1), monthBefore: days(60, 31) });
  });
  const ids = { 'Google Ads': 'google-ads', 'Meta Ads': 'meta-ads', 'LinkedIn Ads': 'linkedin-ads' };

  it('compare places', async () => {
    const [range, compareRange] = [
      { start: dayBefore(40), end: dayBefore(20) },
      { start: dayBefore(61), end: dayBefore(41) },
    ];
    const { places } = await run('places-compared', { range, compareRange });
    expect(places.edges.length).toBeGreaterThan(1);
    for (const [side, { start, end }] of [
      ['metrics', range],
      ['previous', compareRange],
    ] as const) {
      const locations = (await seed('business-profile', `start=${start}&end=${end}`)).flatMap((one) => one.locations);
      for (const { node } of places.edges) {
        const { metrics } = locations.find(({ id }: any) => id === node.place.externalId);
        const { websiteClicks, callClicks, directionRequests } = node[side];
        all.figure(`website clicks of ${node.place.name}`, websiteClicks, metrics.WEBSITE_CLICKS);
        all.figure(`calls of ${node.place.name}`, callClicks, metrics.CALL_CLICKS);
        all.figure(`ways to ${node.place.name}`, directionRequests, metrics.BUSINESS_DIRECTION_REQUESTS);
      }
    }
  });

  it('compare the channels of websites', async () => {
    const { analytics } = await run('web-channels');
    const own = await ownIds('google-analytics');
    const metrics = ['sessions', 'engagedSessions', 'newUsers', 'keyEvents'] as const;
    for (const [side, { start, end }] of [
      ['metrics', analytics.range],
      ['previous', analytics.compared],
    ] as const) {
      const properties = (await seed('google-analytics', `start=${start}&end=${end}`)).filter(({ id }) => own.has(id));
      const channels = properties.flatMap((property) => property.channels);
      const sumOf = (rows: any[], metric: string) => rows.reduce((sum, row) => sum + row[metric], 0);
      expect(new Set(analytics.edges.map(({ node }: any) => node.channel))).toEqual(
        new Set(channels.map(({ name }: any) => name)),
      );
      for (const metric of metrics) {
        for (const { node } of analytics.edges) {
          const of = channels.filter(({ name }: any) => name === node.channel);
          all.figure(`${metric} of ${node.channel}, ${side}`, node[side][metric], sumOf(of, metric));
        }
        all.figure(`${metric} of all channels, ${side}`, analytics.totals[side][metric], sumOf(properties, metric));
      }
    }
  });

  it('show from which countries sites are searched', async () => {
    const range = { start: dayBefore(40), end: dayBefore(20) };
    const { searchQueries } = await run('search-countries', { period: null, range });
    const own = await ownIds('search-console');
    const codes = { usa: 'US', deu: 'DE', gbr: 'GB', jpn: 'JP', aut: 'AT', che: 'CH' };
    const sites = (await seed('search-console', `start=${range.start}&end=${range.end}`)).filter(({ id }) =>
      own.has(id),
    );
    const countries = sites.flatMap((site) => site.countries);
    const found = searchQueries.edges.map(({ node }: any) => node);
    expect(found.length).toBe(new Set(countries.map(({ name }: any) => name)).size);
    for (const metric of ['clicks', 'impressions'] as const) {
      const sumOf = (rows: any[]) => rows.reduce((sum, row) => sum + row[metric], 0);
      for (const [name, country] of Object.entries(codes)) {
        const row = found.find((one: any) => one.country === country);
        const expected = sumOf(countries.filter((one: any) => one.name === name));
        all.figure(`${metric} from ${country}`, row?.metrics[metric] ?? 0, expected);
      }
      all.figure(`${metric} from all countries`, searchQueries.totals.metrics[metric], sumOf(sites));
    }
  });

  it('list the best posts', async () => {
    const { posts } = await run('best-posts');
    const { start, end } = posts.range;
    const seeded = (await seed('x', `start=${start}&end=${end}`)).flatMap((user) => user.posts);
    expect(posts.edges.length).toBe(10);
    const own = await ownIds('x');
    const users = (await seed('x', `start=${start}&end=${end}`)).filter(({ id }) => own.has(id));
    const likes = users.flatMap((user) => user.posts.map((post: any) => post.public.likes));
    expect(posts.edges.map(({ node }: any) => node.metrics.likes)).toEqual(
      likes.sort((one: number, other: number) => other - one).slice(0, 10),
    );
    for (const { node } of posts.edges) {
      const { public: figures } = seeded.find(({ id }: any) => id === node.post.externalId);
      for (const name of ['impressions', 'likes', 'reposts', 'replies']) {
        all.figure(`${name} of post ${node.post.externalId}`, node.metrics[name], figures[name]);
      }
    }
  });

  it('show the pace of budgets', async () => {
    const { data } = await client.ask(
      '{ organization { accounts { id externalId currency provider { id } status } } }',
    );
    const account = data.organization.accounts.find(
      ({ provider, status }: any) => provider.id === 'google-ads' && status === 'ACTIVE',
    );
    const month = `${dayBefore(0).slice(0, 7)}-01`;
    const set = await client.ask(
      `mutation ($id: ID!, $month: Date!, $currency: String!) {
        setBudget(accountId: $id, month: $month, amount: { amount: "1000", currency: $currency }) { budgets { currency } } }`,
      { id: account.id, month, currency: account.currency },
    );
    expect(set.errors).toBeUndefined();
    const { budgets } = await run('budget-pace');
    expect(budgets.edges).toHaveLength(1);
    const own = truth.filter((day) => day.account === account.externalId && day.day >= month);
    const spent = own.reduce((sum, { cost }) => sum + cost, 0n);
    all.figure('what was spent of a budget', microsOf(budgets.edges[0].node.spent.amount), spent);
  });

  it('explain why figures differ, and show devices', async () => {
    const { performance } = await run('why-it-differs');
    compareRows('why-it-differs', performance, ofAccount);
    for (const { node } of performance.edges) {
      expect(node.explain.map(({ code }: any) => code)).toEqual(
        expect.arrayContaining(['CONVERSION_DEFINITION', 'PROVIDER_SCREEN']),
      );
    }
    const { performance: devices } = await run('devices');
    const google = truth.filter(({ provider, day }) => provider === 'google-ads' && isIn(day, devices.range));
    expect(devices.edges.length).toBeGreaterThan(2);
    for (const name of ['impressions', 'clicks'] as const) {
      const found = devices.edges.reduce((sum: number, { node }: any) => sum + node.metrics[name], 0);
      all.figure(
        `${name} on all devices`,
        found,
        google.reduce((sum, day) => sum + day[name], 0),
      );
    }
  });

  it('cost what they read', async () => {
    const question =
      'query ($period: Period) { organization { performance(period: $period) { totalCount range { start end } } } }';
    const costs: number[] = [];
    for (const period of ['LAST_7_DAYS', 'LAST_90_DAYS']) {
      const { body } = await client.post(question, { period });
      const { range } = body.data.organization.performance;
      const { estimated, actual } = body.extensions.cost;
      const rows = truth.filter(({ day }) => isIn(day, range)).length;
      // Three objects and the weight of the field.
      expect(actual - Math.floor(rows / 100)).toBe(23);
      expect(estimated).toBeGreaterThan(actual);
      costs.push(actual);
    }
    expect(costs[1]).toBeGreaterThan(5 * (costs[0] ?? 0));
  });

  it.each([
    ['search queries', 'searchQueries(period: $period, groupBy: [DAY, QUERY]) { totalCount }'],
    ['analytics', 'analytics(period: $period, groupBy: [DAY, CHANNEL]) { totalCount }'],
    ['places', 'places(period: $period) { totalCount }'],
    ['posts', 'posts(period: $period) { totalCount }'],
    [
      'ads',
      'performance(groupBy: [CAMPAIGN], first: 1) { edges { node { campaign { ads(period: $period) { totalCount } } } } }',
    ],
    ['budgets', 'budgets { totalCount }'],
  ])('are reserved more than they cost: %s', async (_what, field) => {
    const isOfDays = field.includes('$period');
    const query = `query ${isOfDays ? '($period: Period)' : ''} { organization { ${field} } }`;
    const costs: number[] = [];
    for (const period of ['LAST_7_DAYS', 'LAST_90_DAYS']) {
      const { body } = await client.post(query, isOfDays ? { period } : {});
      expect([period, body.errors]).toEqual([period, undefined]);
      const { estimated, actual } = body.extensions.cost;
      expect(estimated).toBeGreaterThanOrEqual(actual);
      costs.push(actual);
    }
    rowCosts.set(field, costs);
  });

  it('cost more the more rows they read', () => {
    const costOf = (name: string) => [...rowCosts].find(([field]) => field.startsWith(name))?.[1] ?? [];
    for (const name of ['searchQueries', 'analytics']) {
      const [week = 0, quarter = 0] = costOf(name);
      expect([name, quarter > week]).toEqual([name, true]);
    }
    // Two objects and the weight; the days of an account since 87 days before are read.
    expect(costOf('budgets')[0]).toBeGreaterThan(22);
  });

  it('are all tried, and every figure is the simulator’s', () => {
    const files = readdirSync(schemaFile('examples')).filter((file) => file.endsWith('.graphql'));
    expect([...tried].sort()).toEqual(files.sort());
    expect(all.count).toBeGreaterThan(500);
    expect(all.differences).toEqual([]);
  });
});
