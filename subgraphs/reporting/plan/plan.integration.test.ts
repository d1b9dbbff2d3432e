import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { givePlan } from '#ops/testing/test-services.js';
import { fakeAccount } from '#reporting/testing/fake-graph.js';
import { member, openTestReporting, type TestReporting } from '#reporting/testing/open-test-reporting.js';
import { openTestSchedules, type TestSchedules } from '#reporting/testing/open-test-schedules.js';
import { keepInUse } from '#runtime/entitlements/keep-in-use.js';
import type { Identity } from '#runtime/identity/identity.js';
import { countReportsOfMonth } from './report-orders.js';

type Any = any;

/** As in the plan `free`. */
const REPORTS = 5;

describe('the reports of a month that a plan includes', () => {
  let test: TestReporting;
  let caller: Identity & { organizationId: string };

  beforeAll(async () => {
    test = await openTestReporting({}, { isSold: true });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.now = new Date('2026-11-28T08:00:00.000Z');
    caller = member();
    await give('free');
  });

  const give = (planId: string) => givePlan(test.services, { organizationId: caller.organizationId, planId });
  const order = async (variables: object = {}): Promise<Any> => {
    const { data, errors } = await test.order(caller, variables as Record<string, unknown>);
    return { id: (data as Any)?.generateReport.report.id, error: errors?.[0] as Any };
  };
  const change = async (name: string, id: string): Promise<Any> => {
    const answer = name === 'deleteReport' ? 'reportId' : 'report { id }';
    const { errors } = await test.ask(`mutation ($id: ID!) { ${name}(reportId: $id) { ${answer} } }`, caller, { id });
    return errors?.[0]?.extensions?.code;
  };
  const used = () =>
    countReportsOfMonth(test.services.databases.get('reporting') as never, {
      organizationId: caller.organizationId,
      now: test.clock.now,
    });

  const orderedOn = async (dates: string[], organizationId: string | undefined) => {
    const of = dates.map((date) => ({ __typename: 'UsageDay', organizationId, date }));
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on UsageDay { reports } } }';
    return ((await test.ask(query, caller, { of })).data as Any)._entities;
  };

  it('are ordered up to it however many at once; deleting one makes no room, a failed one does until it is made again', async () => {
    const orders = await Promise.all(Array.from({ length: REPORTS + 3 }, () => order()));
    const made = orders.filter(({ id }) => id);
    expect(made).toHaveLength(REPORTS);
    const [refused] = orders.filter(({ error }) => error);
    expect(refused.error.extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'REPORTS_PER_MONTH', used: REPORTS, allowed: REPORTS, planId: 'starter' },
    });
    expect(await change('deleteReport', made[0].id)).toBeUndefined();
    expect([await used(), (await order()).error?.extensions.code]).toEqual([REPORTS, 'LIMIT_REACHED']);

    const [, failing] = made;
    test.graph.accounts = [];
    await test.run(failing.id);
    expect(await used()).toBe(REPORTS - 1);
    const { id } = await order();
    expect(await used()).toBe(REPORTS);
    expect(await change('retryReport', failing.id)).toBe('LIMIT_REACHED');
    expect(await change('cancelReport', id)).toBeUndefined();
    expect(await change('retryReport', id)).toBeUndefined();

    test.clock.now = new Date('2026-12-01T00:00:00.000Z');
    expect(await used()).toBe(0);
    expect(await change('retryReport', failing.id)).toBeUndefined();
    expect(await used()).toBe(1);

    const days = ['2026-11-27', '2026-11-28', '2026-12-01'];
    expect(await orderedOn(days, caller.organizationId)).toEqual([
      { reports: 0 },
      { reports: REPORTS },
      { reports: 1 },
    ]);
    expect(await orderedOn(days.slice(0, 1), member().organizationId)).toEqual([null]);
    test.clock.now = new Date('2028-12-29T00:00:00.000Z');
    await test.trimOrders();
    expect(await orderedOn(days, caller.organizationId)).toEqual([{ reports: 0 }, { reports: 0 }, { reports: 1 }]);
  });

  it('are unlimited where more are paid for, and the same order counts once', async () => {
    await give('agency');
    for (let index = 0; index <= REPORTS; index += 1) expect((await order()).error).toBeUndefined();
    const again = { idempotencyKey: 'same' };
    expect((await order(again)).id).toBe((await order(again)).id);
    expect(await used()).toBe(REPORTS + 2);
  });

  it('beyond what is included are charged for once they are made: the count of the order decides, a failed one is not', async () => {
    await give('agency');
    const { organizationId } = caller;
    await test.database.query(
      `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at)
       SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 1999)`,
      [organizationId, test.clock.now],
    );
    const [included, ...beyond] = [await order(), ...(await Promise.all([order(), order(), order(), order()]))];
    test.graph.accounts = [fakeAccount('Shop')];
    for (const { id } of [included, ...beyond.slice(0, 2)]) await test.run(id);
    const [, , canceled, failing] = beyond;
    expect(await change('cancelReport', canceled.id)).toBeUndefined();
    test.graph.accounts = [];
    await test.run(failing.id);
    expect(await used()).toBe(2003);

    await test.notifyOverage();
    await test.notifyOverage();
    const jobs = test.queue.jobs.filter(({ name }) => name === 'billing.record-overage');
    const reports = jobs.flatMap(({ data }: Any) => (data.organizationId === organizationId ? data.reports : []));
    const ids = beyond.slice(0, 2).map(({ id }) => id);
    const orderedAt = test.clock.now.toISOString();
    expect(reports.sort((one: Any, other: Any) => (one.reportId < other.reportId ? -1 : 1))).toEqual(
      ids.sort().map((reportId) => ({ reportId, orderedAt })),
    );
  });

  it('cover the days it includes only, compared ones too', async () => {
    const early = { start: '2026-01-01', end: '2026-01-31' };
    const { error } = await order({ range: early });
    expect(error.extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'HISTORY_DAYS', allowed: 92, planId: 'starter' },
    });
    expect(error.message).toContain('the range 2026-01-01 to 2026-01-31 begins earlier');
    expect((await order({ compareRange: early })).error.extensions.code).toBe('LIMIT_REACHED');
    const preview = `query ($range: DateRangeInput!) { previewReport(range: $range) { title } }`;
    const { errors } = await test.ask(preview, caller, { range: early });
    expect(errors?.[0]?.extensions?.code).toBe('LIMIT_REACHED');
    expect(await used()).toBe(0);
  });

  it('are made from what there is of accounts that the plan does not include, and say so', async () => {
    const surplus = { state: 'MISSING', code: 'LIMIT_REACHED', message: 'Free allows 1 (CONNECTIONS).' };
    test.graph.accounts = [fakeAccount('Surplus', surplus), fakeAccount('Shop')];
    const { id } = await order();
    await test.run(id);
    const query = 'query ($id: ID!) { report(id: $id) { status sources { state code } } }';
    const { data } = await test.ask(query, caller, { id });
    const { status, sources } = (data as Any).report;
    expect(status).toBe('READY');
    expect(sources).toContainEqual({ state: 'MISSING', code: 'LIMIT_REACHED' });
  });
});

describe('the schedules that a plan includes', () => {
  let test: TestSchedules;
  let owner: string;

  const CREATE = `mutation ($recipients: [String!]!) {
    createReportSchedule(templateId: "campaign-performance", recurrence: { every: DAILY, at: "08:00" }, recipients: $recipients,
      formats: [CSV]) { schedule { id } } }`;
  const SHOWN =
    'query ($id: ID!) { reportSchedule(id: $id) { pause nextRuns deliveries(first: 9) { edges { node { state reason } } } } }';

  beforeAll(async () => {
    test = await openTestSchedules({ isSold: true });
    owner = test.organization.addMember('ANALYST', 'owner@agency.example');
    test.clock.now = new Date('2026-11-02T06:30:00.000Z');
  });
  afterAll(() => test.close());

  const give = (planId: string, access?: 'READ_ONLY') =>
    givePlan(test.services, { organizationId: test.organization.id, planId, access });
  const asked = async (query: string, variables: object = {}): Promise<Any> => {
    const { data, errors } = await test.ask(query, test.identity(owner), variables as Record<string, unknown>);
    return { data, error: errors?.[0] as Any };
  };
  const shown = async (id: string) => (await asked(SHOWN, { id })).data.reportSchedule;
  const change = async (name: string, id: string) => {
    const answer = name === 'runReportScheduleNow' ? 'delivery { id }' : 'schedule { id }';
    return (await asked(`mutation ($id: ID!) { ${name}(scheduleId: $id) { ${answer} } }`, { id })).error?.extensions
      .code;
  };
  const ordered = async () =>
    (await test.rows('SELECT schedule_id AS "scheduleId" FROM reporting.report')).map((row: Any) => row.scheduleId);
  const runAt = async (at: string) => {
    test.clock.now = new Date(at);
    await test.run('reporting.run-schedules');
  };

  it('run; those beyond it rest and say so, without runs, until the plan includes them again', async () => {
    await give('starter');
    const create = () => asked(CREATE, { recipients: ['owner@agency.example'] });
    const created = await Promise.all(Array.from({ length: 7 }, create));
    const ids: string[] = created.flatMap(({ data }) => data?.createReportSchedule?.schedule.id ?? []);
    expect(ids).toHaveLength(5);
    expect(created.find(({ error }) => error)?.error.extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'SCHEDULES', used: 5, allowed: 5, planId: 'pro' },
    });
    const [id = ''] = ids;
    await give('free');
    expect(await shown(id)).toMatchObject({ pause: 'LIMIT_REACHED', nextRuns: [] });
    for (const name of ['resumeReportSchedule', 'runReportScheduleNow']) {
      expect(await change(name, id)).toBe('LIMIT_REACHED');
    }
    expect(await change('skipNextReportRun', id)).toBe('CONFLICT');
    await runAt('2026-11-02T07:01:00Z');
    expect(await ordered()).toEqual([]);
    expect((await shown(id)).deliveries.edges).toEqual([]);

    await give('starter');
    expect(await shown(id)).toMatchObject({ pause: null });
    expect((await shown(id)).nextRuns[0]).toBe('2026-11-03T07:00:00.000Z');
    await give('starter', 'READ_ONLY');
    expect(await shown(id)).toMatchObject({ pause: 'SUBSCRIPTION_REQUIRED', nextRuns: [] });
    await runAt('2026-11-03T07:01:00Z');
    expect(await ordered()).toEqual([]);

    await give('unknown');
    const { id: organizationId } = test.organization;
    await keepInUse(test.services.operations, { organizationId, limit: 'SCHEDULES', ids: [id], now: test.clock.now });
    await give('starter');
    await runAt('2026-11-04T07:01:00Z');
    expect((await ordered()).sort()).toEqual([...ids].sort());
  });

  it('order no more reports than it includes in a month: the run has failed, and says why', async () => {
    const [{ id }] = (await test.rows('SELECT id FROM reporting.report_schedule ORDER BY created_at LIMIT 1')) as Any;
    await test.rows(
      `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at)
       SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 60)`,
      [test.organization.id, test.clock.now],
    );
    await runAt('2026-11-05T07:01:00Z');
    const { deliveries } = await shown(id);
    expect(deliveries.edges[0].node).toMatchObject({ state: 'FAILED' });
    expect(deliveries.edges[0].node.reason).toContain('Starter allows 50 (REPORTS_PER_MONTH)');
    const mails = await test.rows("SELECT text FROM operations.mail WHERE recipient = 'owner@agency.example'");
    expect(mails.some(({ text }: Any) => text.includes('REPORTS_PER_MONTH'))).toBe(true);
    expect(await change('runReportScheduleNow', id)).toBe('LIMIT_REACHED');
  });
});
