import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testJobRun } from '#ops/testing/job-run.js';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const VIEW = /* GraphQL */ `
  id name kind isShared version owner { id }
  question {
    period range { start end } compareTo groupBy currency
    filter { clientIds nameContains metrics { metric value above } } orderBy { metric value direction }
  }
`;
const CREATE = `mutation ($name: String! = "View", $isShared: Boolean! = false, $performance: PerformanceViewInput) {
  createSavedView(name: $name, isShared: $isShared, performance: $performance) { savedView { ${VIEW} } } }`;
const UPDATE = `mutation ($id: ID!, $version: Int!, $name: String, $isShared: Boolean, $performance: PerformanceViewInput) {
  updateSavedView(savedViewId: $id, version: $version, name: $name, isShared: $isShared, performance: $performance) {
    savedView { ${VIEW} } } }`;
const DELETE = 'mutation ($id: ID!) { deleteSavedView(savedViewId: $id) { savedViewId } }';
const GET = `query ($id: ID!) { savedView(id: $id) { ${VIEW} } }`;
const LIST = /* GraphQL */ `
  query ($of: [_Any!]!, $first: Int! = 50, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        savedViews(first: $first, after: $after) { edges { node { name } } pageInfo { endCursor } }
      }
    }
  }
`;
const FIGURES = `range { start end } compared { start end } totalCount
  totals { currency metrics { impressions cost { amount } } } edges { node { campaign { name } metrics { clicks } } }`;
const ANSWER = `query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $first: Int! = 50) {
  _entities(representations: $of) { ... on SavedView { performance(period: $period, range: $range, first: $first) { ${FIGURES} } } } }`;
const ASK = `query ($of: [_Any!]!, $range: DateRangeInput, $filter: PerformanceFilterInput) {
  _entities(representations: $of) { ... on Organization {
    performance(range: $range, compareTo: PREVIOUS_PERIOD, groupBy: [CAMPAIGN], filter: $filter) { ${FIGURES} } } } }`;

describe('saved views', () => {
  const owner = someone();
  const { organizationId } = owner as { organizationId: string };
  const analyst = someone('ANALYST', organizationId);
  const viewer = someone('VIEWER', organizationId);
  let stage: Stage;
  let clientId: string;

  beforeAll(async () => {
    stage = await openStage();
    stage.clock.now = new Date('2026-11-20T12:00:00Z');
    const { accounts } = await stage.connect(owner, 'google-ads');
    const create = 'mutation ($ids: [ID!]!) { createClient(name: "Acme", accountIds: $ids) { client { id } } }';
    clientId = (await stage.ask(owner, create, { ids: [accounts[0].id] })).data.createClient.client.id;
  });
  afterAll(() => stage.close());

  async function create(variables: object, as: Identity = analyst) {
    const { data, code, errors } = await stage.ask(as, CREATE, { performance: { period: 'LAST_WEEK' }, ...variables });
    return { view: data?.createSavedView?.savedView, code, errors };
  }
  async function answer(id: string, variables: object = {}, as: Identity = analyst, timeZone = 'UTC') {
    const of = [{ __typename: 'SavedView', id, organization: { timeZone } }];
    const { data, code, errors } = await stage.ask(as, ANSWER, { of, ...variables });
    return { figures: data?._entities[0]?.performance, entity: data?._entities[0], code, errors };
  }
  async function names(as: Identity, variables: object = {}) {
    const of = [{ __typename: 'Organization', id: as.organizationId, timeZone: 'UTC' }];
    const { data } = await stage.ask(as, LIST, { of, ...variables });
    const { edges, pageInfo } = data._entities[0].savedViews;
    return { names: edges.map(({ node }: any) => node.name), endCursor: pageInfo.endCursor };
  }

  it('answer as performance does, relative to the day they are asked on', async () => {
    const performance = {
      period: 'LAST_7_DAYS',
      compareTo: 'PREVIOUS_PERIOD',
      groupBy: ['CAMPAIGN'],
      filter: { clientIds: [clientId], metrics: [{ metric: 'CLICKS', above: '0' }] },
      orderBy: { metric: 'CLICKS', value: 'CHANGE' },
    };
    const { view } = await create({ name: 'Movers', performance });
    expect(view).toMatchObject({
      name: 'Movers',
      kind: 'PERFORMANCE',
      isShared: false,
      version: 1,
      owner: { id: analyst.userId },
      question: {
        period: 'LAST_7_DAYS',
        range: null,
        groupBy: ['CAMPAIGN'],
        filter: { clientIds: [clientId], metrics: [{ metric: 'CLICKS', value: 'CURRENT', above: '0' }] },
        orderBy: { metric: 'CLICKS', value: 'CHANGE', direction: 'DESC' },
      },
    });
    const now = await answer(view.id);
    expect(now.figures.range).toEqual({ start: '2026-11-13', end: '2026-11-19' });
    const of = [{ __typename: 'Organization', id: organizationId, timeZone: 'UTC' }];
    const asked = await stage.ask(owner, ASK, { of, range: now.figures.range, filter: { clientIds: [clientId] } });
    const { totals, compared } = asked.data._entities[0].performance;
    expect(now.figures.totals).toEqual(totals);
    expect(now.figures.compared).toEqual(compared);
    expect(now.figures.totalCount).toBeGreaterThan(0);
    // There it is the 21st already.
    const elsewhere = await answer(view.id, {}, analyst, 'Pacific/Kiritimati');
    expect(elsewhere.figures.range).toEqual({ start: '2026-11-14', end: '2026-11-20' });
    expect((await answer(view.id, { first: 1 })).figures.edges).toHaveLength(1);
    const other = await answer(view.id, { range: { start: '2026-10-01', end: '2026-10-02' } });
    expect(other.figures).toMatchObject({
      range: { start: '2026-10-01', end: '2026-10-02' },
      compared: { start: '2026-09-29', end: '2026-09-30' },
    });
    expect((await answer(view.id, { period: 'TODAY', range: { start: '2026-10-01', end: '2026-10-02' } })).code).toBe(
      'BAD_USER_INPUT',
    );
  });

  it.each([
    ['no question', { performance: null }, 'BAD_USER_INPUT'],
    ['an empty name', { name: ' ' }, 'BAD_USER_INPUT'],
    [
      'a period and a range',
      { performance: { period: 'TODAY', range: { start: '2026-09-01', end: '2026-09-01' } } },
      'BAD_USER_INPUT',
    ],
    ['dimensions given twice', { performance: { groupBy: ['CAMPAIGN', 'CAMPAIGN'] } }, 'BAD_USER_INPUT'],
    [
      'an order by a comparison without one',
      { performance: { orderBy: { metric: 'CLICKS', value: 'CHANGE' } } },
      'BAD_USER_INPUT',
    ],
    ['a zero character', { performance: { filter: { nameContains: 'a\0' } } }, 'BAD_USER_INPUT'],
    [
      'a question that is too large',
      { performance: { filter: { providers: Array(90).fill('x'.repeat(200)) } } },
      'BAD_USER_INPUT',
    ],
    ['an unknown provider', { performance: { filter: { providers: ['myspace'] } } }, 'BAD_USER_INPUT'],
    ['an unknown client', { performance: { filter: { clientIds: [randomUUID()] } } }, 'NOT_FOUND'],
    ['an unknown account', { performance: { filter: { accountIds: ['42'] } } }, 'NOT_FOUND'],
  ])('are not saved with %s', async (_what, variables, code) => {
    expect((await create(variables)).code).toBe(code);
  });

  it('are private to their owner, or shared by those who may', async () => {
    const mine = (await create({ name: 'B of a viewer' }, viewer)).view;
    const shared = (await create({ name: 'A shared one', isShared: true })).view;
    expect((await create({ isShared: true }, viewer)).code).toBe('FORBIDDEN');
    expect((await names(viewer)).names).toEqual(['A shared one', 'B of a viewer']);
    expect((await names(owner)).names).toEqual(['A shared one']);
    const first = await names(viewer, { first: 1 });
    expect((await names(viewer, { first: 1, after: first.endCursor })).names).toEqual(['B of a viewer']);
    const key: Identity = {
      kind: 'apiKey',
      apiKeyId: randomUUID(),
      organizationId,
      role: 'VIEWER',
      scopes: ['read:campaigns'],
      requestId: 'test',
    };
    expect((await names(key)).names).toEqual(['A shared one']);
    expect((await create({}, { ...key, role: 'ANALYST' })).code).toBe('FORBIDDEN');
    for (const stranger of [owner, key, someone()]) {
      expect((await stage.ask(stranger, GET, { id: mine.id })).code).toBe('NOT_FOUND');
      expect((await answer(mine.id, {}, stranger)).entity).toBeNull();
    }
    for (const query of [UPDATE, DELETE]) {
      expect((await stage.ask(owner, query, { id: mine.id, version: 1 })).code).toBe('NOT_FOUND');
      expect((await stage.ask(viewer, query, { id: shared.id, version: 1 })).code).toBe('FORBIDDEN');
    }
    const limited: Identity = { ...viewer, clientIds: [clientId] };
    expect((await names(limited)).names).toEqual(['B of a viewer']);
    expect((await stage.ask(limited, GET, { id: shared.id })).code).toBe('NOT_FOUND');
    expect((await stage.ask(viewer, UPDATE, { id: mine.id, version: 1, isShared: true })).code).toBe('FORBIDDEN');
    const renamed = await stage.ask(owner, UPDATE, { id: shared.id, version: 1, name: 'Renamed' });
    expect(renamed.data.updateSavedView.savedView).toMatchObject({ name: 'Renamed', version: 2 });
    expect((await stage.ask(analyst, UPDATE, { id: shared.id, version: 1, name: 'Late' })).code).toBe('CONFLICT');
    expect((await stage.ask(owner, UPDATE, { id: shared.id, version: 2, isShared: false })).code).toBe('CONFLICT');
    expect((await stage.ask(analyst, DELETE, { id: shared.id })).data.deleteSavedView.savedViewId).toBe(shared.id);
  });

  it('say when what they ask about is gone, and can be changed', async () => {
    const make = 'mutation { createClient(name: "Short", accountIds: []) { client { id } } }';
    const { id: short } = (await stage.ask(owner, make)).data.createClient.client;
    const { view } = await create({ name: 'Of a client', performance: { filter: { clientIds: [short] } } });
    expect((await answer(view.id)).figures.totalCount).toBe(0);
    await stage.ask(owner, 'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: short });
    const gone = await answer(view.id);
    expect([gone.code, gone.figures]).toEqual(['SAVED_VIEW_INVALID', null]);
    expect(gone.errors[0].message).toBe(
      'The saved view "Of a client" cannot be answered any more. There is no client with this id. Change it (updateSavedView).',
    );
    const performance = { period: 'LAST_MONTH' };
    const changed = await stage.ask(analyst, UPDATE, { id: view.id, version: 1, performance });
    expect(changed.data.updateSavedView.savedView.question).toMatchObject({
      period: 'LAST_MONTH',
      filter: null,
      groupBy: [],
    });
    expect((await answer(view.id)).code).toBeUndefined();
  });

  it('of a member who has left go when they are private, and lose their owner when they are shared', async () => {
    const leaver = someone('ANALYST', organizationId);
    const mine = (await create({ name: 'Mine' }, leaver)).view;
    const ours = (await create({ name: 'Ours', isShared: true }, leaver)).view;
    const data = (await stage.subgraph.personalData(leaver.userId as string)) as { savedViews: { name: string }[] };
    expect(data.savedViews.map(({ name }) => name)).toEqual(['Mine', 'Ours']);
    const job = stage.subgraph.jobs.find(({ name }) => name === 'integrations.end-membership');
    const ended = { key: 'x', organizationId, userId: leaver.userId };
    for (const _again of [1, 2]) await job?.run(ended as never, testJobRun());
    expect((await stage.ask(leaver, GET, { id: mine.id })).code).toBe('NOT_FOUND');
    expect((await stage.ask(viewer, GET, { id: ours.id })).data.savedView).toMatchObject({
      owner: null,
      isShared: true,
    });
    expect((await stage.ask(owner, UPDATE, { id: ours.id, version: 1, isShared: false })).code).toBe('CONFLICT');
    expect((await stage.ask(owner, DELETE, { id: ours.id })).code).toBeUndefined();
  });
});
