import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, daysOf, isInRange } from './calendar-day.js';
import { microsOf } from './testing/expected-campaigns.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';
import type { TrueAccount } from './testing/simulated-providers.js';

const MONEY = '{ amount currency }';
const BUDGET = `client { name } account { externalId } campaigns { externalId name } month repeats currency
  amount ${MONEY} spent ${MONEY} through spentThrough ${MONEY} expected ${MONEY} pace daysLeft
  forecast { amount ${MONEY} low ${MONEY} high ${MONEY} method explanation }
  sources { account { externalId } state code }`;

const SET = /* GraphQL */ `
  mutation ($clientId: ID, $accountId: ID, $campaignIds: [ID!], $month: Date!, $amount: MoneyInput, $repeats: Boolean! = false) {
    setBudget(clientId: $clientId, accountId: $accountId, campaignIds: $campaignIds, month: $month, amount: $amount,
      repeats: $repeats) { budgets { ${BUDGET} } }
  }
`;

const LIST = /* GraphQL */ `
  query ($of: [_Any!]!, $month: Date, $filter: BudgetFilterInput, $first: Int! = 100, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        budgets(month: $month, filter: $filter, first: $first, after: $after) {
          totalCount month pageInfo { hasNextPage endCursor } edges { node { ${BUDGET} } }
        }
      }
    }
  }
`;

const CAMPAIGNS = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      ... on Organization {
        campaigns(range: { start: "2026-11-14", end: "2026-11-20" }, first: 1000) {
          edges { node { id externalId status account { externalId } budget { level externalId daily ${MONEY} total ${MONEY} } } }
        }
      }
    }
  }
`;

const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;
const US = '1029384756';
const EUROPE = '2718281828';
const NOVEMBER = '2026-11-01';

describe('budgets', () => {
  const nora = someone();
  let stage: HistoryStage;
  let truth: TrueAccount[];
  let ids: Map<string, string>;

  beforeAll(async () => {
    stage = await openHistoryStage(new Date('2026-11-20T12:00:00Z'));
    for (const provider of Object.keys(seeds)) await stage.connect(nora, provider);
    await stage.copyAll();
    const range = { start: '2026-08-01', end: '2026-11-20', daily: true };
    truth = (await Promise.all(Object.values(seeds).map((seed) => stage.simulated.truth(seed, range)))).flat();
    ids = new Map((await stage.activeAccounts(nora)).map(({ externalId, id }) => [externalId, id]));
  });
  beforeEach(async () => {
    await stage.simulated.forgetFaults();
    await stage.sql('DELETE FROM integrations.budget');
  });
  afterAll(() => stage.close());

  const idOf = (externalId: string) => ids.get(externalId) as string;
  const representation = (identity = nora) => [
    { __typename: 'Organization', id: identity.organizationId, timeZone: 'UTC' },
  ];
  const money = (amount: string, currency: string) => ({ amount, currency });

  async function set(variables: object, identity = nora) {
    const { data, errors, code } = await stage.ask(identity, SET, { month: NOVEMBER, ...variables });
    const argument = (errors[0]?.extensions as any)?.details?.[0]?.argument;
    return { budgets: data?.setBudget.budgets, code, argument };
  }

  async function list(variables: object = {}, identity = nora) {
    const { data, errors, code } = await stage.ask(identity, LIST, { of: representation(identity), ...variables });
    const found = data?._entities?.[0]?.budgets;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  /** What accounts, or some campaigns of them, truly cost on the days of a range. */
  function trueCost(externalIds: string[], range: { start: string; end: string }, campaigns?: Set<string>): bigint {
    let cost = 0n;
    for (const account of truth.filter(({ id }) => externalIds.includes(id))) {
      for (const { daily = [] } of account.campaigns.filter((one) => campaigns?.has(one.id) ?? true)) {
        for (const day of daily) if (isInRange(day.date, range)) cost += BigInt(day.costMicros);
      }
    }
    return cost;
  }
  const dayCost = (externalIds: string[], day: string) => trueCost(externalIds, { start: day, end: day });

  it('of campaigns are as each provider has them: daily, in all, shared, of ad sets', async () => {
    const { data } = await stage.ask(nora, CAMPAIGNS, { of: representation() });
    const nodes = data._entities[0].campaigns.edges.map(({ node }: any) => node);
    const known = new Map(
      truth.flatMap(({ id, currency, campaigns }) =>
        campaigns.map((campaign) => [`${id} ${campaign.id}`, { currency, budget: campaign.budget }]),
      ),
    );
    const levels = new Set<string>();
    const shared = new Map<string, string[]>();
    for (const { externalId, account, budget, status } of nodes) {
      const { currency, budget: expected } = known.get(`${account.externalId} ${externalId}`) ?? {};
      // Insights of deleted campaigns at Meta have no budget.
      if (status === 'ENDED' && !budget) continue;
      levels.add(`${budget.level} ${budget.daily ? 'daily' : ''}${budget.total ? 'total' : ''}`);
      expect(budget.level).toBe(expected?.level);
      for (const [found, micros] of [
        [budget.daily, expected?.dailyMicros],
        [budget.total, expected?.totalMicros],
      ]) {
        expect(found && [String(microsOf(found.amount)), found.currency]).toEqual(micros ? [micros, currency] : null);
      }
      if (expected?.sharedBy) {
        const key = `${account.externalId} ${expected.sharedBy}`;
        shared.set(key, [...(shared.get(key) ?? []), budget.externalId]);
      }
    }
    expect(nodes.length).toBeGreaterThan(300);
    expect(levels).toEqual(new Set(['CAMPAIGN daily', 'CAMPAIGN total', 'SHARED daily', 'AD_SETS ']));
    // One budget, whatever campaign names it.
    expect(shared.size).toBeGreaterThan(1);
    for (const externalIds of shared.values()) expect(new Set(externalIds).size).toBe(1);
    expect([...shared.values()].some(({ length }) => length === 2)).toBe(true);
  });

  it('have spent what the simulator charged, and expect and forecast what arithmetic of its own says', async () => {
    const { budgets } = await set({ accountId: idOf(EUROPE), amount: money('30000', 'EUR') });
    expect(budgets).toHaveLength(1);
    const [budget] = budgets;
    const month = { start: '2026-11-01', end: '2026-11-19' };
    expect(budget).toMatchObject({
      account: { externalId: EUROPE },
      through: '2026-11-19',
      daysLeft: 11,
      repeats: false,
    });
    expect(microsOf(budget.spentThrough.amount)).toBe(trueCost([EUROPE], month));
    expect(microsOf(budget.spent.amount)).toBe(trueCost([EUROPE], { start: NOVEMBER, end: '2026-11-20' }));
    // By hand: the middle two of the last four of a weekday, times the middle one of seven ratios.
    const weekday = (one: string) => new Date(`${one}T00:00:00Z`).getUTCDay();
    const lastDays = (count: number) => Array.from({ length: count }, (_, back) => addDays('2026-11-19', -back));
    const ascending = (values: number[]) => values.sort((one, other) => one - other);
    const median = (day: string) => {
      const same = lastDays(28).filter((one) => weekday(one) === weekday(day));
      const [, second, third] = ascending(same.map((one) => Number(dayCost([EUROPE], one)))) as [
        number,
        number,
        number,
      ];
      return (second + third) / 2;
    };
    const level = ascending(lastDays(7).map((day) => Number(dayCost([EUROPE], day)) / median(day)))[3] as number;
    const usual = (day: string) => median(day) * level;
    const days = daysOf({ start: '2026-11-01', end: '2026-11-30' });
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const expected = (30_000e6 * sum(days.slice(0, 19).map(usual))) / sum(days.map(usual));
    expect(Number(budget.expected.amount)).toBeCloseTo(expected / 1e6, 2);
    expect(budget.pace).toBeCloseTo(Number(trueCost([EUROPE], month)) / expected, 5);
    const today = Math.max(usual('2026-11-20'), Number(dayCost([EUROPE], '2026-11-20')));
    const forecast = Number(trueCost([EUROPE], month)) + today + sum(days.slice(20).map(usual));
    expect(Number(budget.forecast.amount.amount)).toBeCloseTo(forecast / 1e6, 1);
    expect(budget.forecast).toMatchObject({
      method: 'WEEKDAY_MEDIAN',
      explanation: expect.stringContaining('2026-11-19'),
    });
    expect(Number(budget.forecast.low.amount)).toBeLessThan(forecast / 1e6);
    expect(Number(budget.forecast.high.amount)).toBeGreaterThan(forecast / 1e6);
    expect((await list()).rows).toEqual(budgets);
  });

  it('of campaigns count these, and each once', async () => {
    const { data } = await stage.ask(nora, CAMPAIGNS, { of: representation() });
    const nodes = data._entities[0].campaigns.edges.map(({ node }: any) => node);
    const chosen = nodes.filter(({ account }: any) => account.externalId === US).slice(0, 3);
    const campaignIds = chosen.map(({ id }: any) => id);
    const amount = money('500.50', 'USD');
    const { budgets } = await set({ campaignIds: [...campaignIds, ...campaignIds], amount });
    const names = new Set<string>(chosen.map(({ externalId }: any) => externalId));
    expect(new Set(budgets[0].campaigns.map(({ externalId }: any) => externalId))).toEqual(names);
    const spent = trueCost([US], { start: NOVEMBER, end: '2026-11-20' }, names);
    expect(microsOf(budgets[0].spent.amount)).toBe(spent);
    expect(budgets[0].amount).toEqual(amount);
    // The same campaigns are the same target, in whatever order.
    await set({ campaignIds: [...campaignIds].reverse(), amount: money('600', 'USD') });
    expect((await list()).rows.map(({ amount: now }: any) => now.amount)).toEqual(['600.00']);
  });

  it('of a client are one for each currency of its accounts', async () => {
    const create = 'mutation ($ids: [ID!]!) { createClient(name: "Northwind", accountIds: $ids) { client { id } } }';
    const { data } = await stage.ask(nora, create, { ids: [idOf(US), idOf(EUROPE)] });
    const clientId = data.createClient.client.id;
    expect(await set({ clientId, amount: money('1', 'JPY') })).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'amount',
    });
    await set({ clientId, amount: money('9000', 'USD') });
    const { budgets } = await set({ clientId, amount: money('8000', 'EUR') });
    const range = { start: NOVEMBER, end: '2026-11-20' };
    const spent = new Map(budgets.map((one: any) => [one.currency, microsOf(one.spent.amount)]));
    expect(spent).toEqual(
      new Map([
        ['USD', trueCost([US], range)],
        ['EUR', trueCost([EUROPE], range)],
      ]),
    );
    const filtered = await list({ filter: { clientIds: [clientId] } });
    expect(filtered.totalCount).toBe(2);
    expect((await list({ filter: { accountIds: [idOf(US)] } })).totalCount).toBe(0);
    expect((await set({ clientId, amount: null })).budgets).toEqual([]);
    expect((await list()).totalCount).toBe(0);
    await set({ clientId, amount: money('9000', 'USD') });
    await stage.ask(nora, 'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: clientId });
    expect((await list()).totalCount).toBe(0);
  });

  it('repeat until another is set; one month is an exception, and can be without', async () => {
    const accountId = idOf(US);
    const amountIn = async (month: string) => (await list({ month })).rows[0]?.amount.amount ?? null;
    await set({ accountId, month: '2026-09-01', amount: money('100', 'USD'), repeats: true });
    await set({ accountId, month: '2026-12-01', amount: money('300', 'USD') });
    await set({ accountId, month: '2027-02-01', amount: null });
    await set({ accountId, month: '2027-04-01', amount: null, repeats: true });
    const months = ['2026-08', '2026-09', '2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2027-04', '2028-01'];
    const amounts = await Promise.all(months.map((month) => amountIn(`${month}-01`)));
    expect(amounts).toEqual([null, '100.00', '100.00', '300.00', '100.00', null, '100.00', null, null]);
    const [september] = (await list({ month: '2026-09-01' })).rows;
    expect(microsOf(september.spent.amount)).toBe(trueCost([US], { start: '2026-09-01', end: '2026-09-30' }));
    expect(september).toMatchObject({ daysLeft: 0, forecast: { method: 'MONTH_OVER', amount: september.spent } });
    const [january] = (await list({ month: '2027-01-01' })).rows;
    expect(january).toMatchObject({
      daysLeft: 31,
      pace: null,
      forecast: null,
      through: null,
      spent: { amount: '0.00' },
    });
  });

  it('say nothing of pace while days are missing, and why', async () => {
    await set({ accountId: idOf(EUROPE), amount: money('30000', 'EUR') });
    await set({ accountId: idOf('2087654310098123'), amount: money('5000', 'EUR') });
    await stage.forgetAnswers();
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 100 });
    const { rows, errors } = await list();
    expect(errors).toEqual([]);
    expect(rows.map(({ pace }: any) => pace === null)).toEqual([false, true]);
    expect(rows[1]).toMatchObject({ forecast: null, sources: [{ state: 'MISSING', code: 'PROVIDER_UNAVAILABLE' }] });
    await stage.forgetAnswers();
  });

  it('are listed page by page, those furthest over their pace first', async () => {
    for (const [externalId, amount] of [
      [US, '1'],
      [EUROPE, '9999999'],
      ['5772156649', '5000'],
    ] as const) {
      const currency = truth.find(({ id }) => id === externalId)?.currency as string;
      expect((await set({ accountId: idOf(externalId), amount: money(amount, currency) })).code).toBeUndefined();
    }
    const { rows } = await list();
    const paces = rows.map(({ pace }: any) => pace);
    expect(paces).toEqual([...paces].sort((one, other) => other - one));
    const pages: any[] = [];
    for (let after: string | null = null; ; ) {
      const page = await list({ first: 1, after });
      pages.push(...page.rows);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(pages).toEqual(rows);
  });

  it('are of one organization, and audited', async () => {
    const amount = money('1', 'USD');
    const rita = someone();
    expect((await set({ accountId: idOf(US), amount }, rita)).code).toBe('NOT_FOUND');
    await set({ accountId: idOf(US), amount });
    await Promise.all([set({ accountId: idOf(US), amount }), set({ accountId: idOf(US), amount })]);
    expect((await list()).totalCount).toBe(1);
    expect((await list({}, rita)).totalCount).toBe(0);
    await set({ accountId: idOf(US), amount: null });
    const actions = await stage.services.operations.query<{ action: string }[]>(
      "SELECT action FROM operations.audit_event WHERE action LIKE 'budget.%' AND target_id = $1 ORDER BY sequence",
      [idOf(US)],
    );
    expect(actions.slice(-4).map(({ action }) => action)).toEqual([
      ...['budget.set', 'budget.set', 'budget.set'],
      'budget.removed',
    ]);
    expect((await set({ accountId: idOf(US), amount }, someone('VIEWER', nora.organizationId))).code).toBe('FORBIDDEN');
  });

  it.each<[string, object, string]>([
    ['no target', { amount: money('1', 'USD') }, 'clientId'],
    ['two targets', { accountId: 'x', clientId: 'x', amount: money('1', 'USD') }, 'clientId'],
    ['no campaign', { campaignIds: [], amount: money('1', 'USD') }, 'campaignIds'],
    ['a forgotten amount', { accountId: US }, 'amount'],
    ['an amount of nothing', { accountId: US, amount: money('0', 'USD') }, 'amount'],
    ['a debt', { accountId: US, amount: money('-5', 'USD') }, 'amount.amount'],
    ['another currency', { accountId: US, amount: money('5', 'EUR') }, 'amount'],
    ['a day within a month', { accountId: US, month: '2026-11-02', amount: money('5', 'USD') }, 'month'],
  ])('are refused with %s', async (_what, given, argument) => {
    const accountId = 'accountId' in given && given.accountId === US ? { accountId: idOf(US) } : {};
    expect(await set({ ...given, ...accountId })).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  it('count accounts with campaigns only: a property has a currency, and costs nothing', async () => {
    const gina = someone();
    await stage.connect(gina, 'google-analytics');
    const [property] = await stage.sql(
      "SELECT id FROM integrations.account WHERE organization_id = $1 AND currency = 'EUR'",
      [gina.organizationId],
    );
    const create = 'mutation ($ids: [ID!]!) { createClient(name: "A site", accountIds: $ids) { client { id } } }';
    const { data } = await stage.ask(gina, create, { ids: [property.id] });
    for (const target of [{ accountId: property.id }, { clientId: data.createClient.client.id }]) {
      const { code, argument } = await set({ ...target, amount: money('100', 'EUR') }, gina);
      expect([code, argument]).toEqual(['BAD_USER_INPUT', 'amount']);
    }
  });
});
