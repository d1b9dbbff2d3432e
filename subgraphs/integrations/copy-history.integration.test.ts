import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { testJobRun } from '#ops/testing/job-run.js';
import type { Identity } from '#runtime/identity/identity.js';
import { currentPriority } from '#runtime/scope/priority.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { aService, someone } from './testing/open-stage.js';

const HISTORY = /* GraphQL */ `
  query ($id: ID!) {
    account(id: $id) { history { from to daysDone daysTotal percent status problem nextAt updatedAt } }
  }
`;

const ORDER = /* GraphQL */ `
  mutation ($id: ID!, $from: Date!) {
    backfillHistory(accountId: $id, from: $from) { account { history { from daysDone daysTotal percent status } } }
  }
`;

const CANCEL = /* GraphQL */ `
  mutation ($id: ID!) { cancelHistoryBackfill(accountId: $id) { account { history { from percent status } } } }
`;

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
const NOON = new Date('2026-11-20T12:00:00Z');

describe('copying days', () => {
  let stage: HistoryStage;
  let nora: Identity;

  // The clock goes forward in these tests, so each has a world of its own.
  beforeEach(async () => {
    stage = await openHistoryStage(NOON);
    nora = someone();
  });
  afterEach(() => stage.close());

  async function connected(providerId = 'google-ads'): Promise<any[]> {
    await stage.connect(nora, providerId);
    await stage.simulated.takeCalls();
    await stage.run('integrations.open-histories');
    await stage.run('integrations.queue-histories');
    return stage.activeAccounts(nora);
  }

  const account = async (externalId: string, providerId?: string) => {
    const found = (await connected(providerId)).find((one) => one.externalId === externalId);
    if (!found) throw new Error(`Nobody opens ${externalId}`);
    return found;
  };

  const history = async (id: string) => (await stage.ask(nora, HISTORY, { id })).data.account.history;

  const copied = (id: string) =>
    stage.sql(
      'SELECT day::text AS day, is_final AS "isFinal" FROM integrations.history_day WHERE account_id = $1 ORDER BY day',
      [id],
    );

  const rows = (id: string) =>
    stage.sql('SELECT * FROM integrations.daily_metrics WHERE account_id = $1 ORDER BY day, campaign_id', [id]);

  /** The questions to Google Ads: for the list of campaigns, or for their days. */
  const questions = async () =>
    (await stage.simulated.takeCalls('google-ads')).map(({ body }) => {
      const query = String(body?.query);
      const [, start, end] = /BETWEEN '(.*)' AND '(.*)'/.exec(query) ?? [];
      return `${query.includes('campaign.name') ? 'list' : 'days'} ${start} ${end}`;
    });

  it('starts with 90 days when an account is connected, in one call besides the list, each day once', async () => {
    const { id } = await account('1029384756');
    const begun = await history(id);
    expect(begun).toMatchObject({
      from: '2026-08-22',
      to: null,
      daysDone: 0,
      daysTotal: 90,
      percent: 0,
      status: 'COPYING',
    });
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-19', 'days 2026-08-22 2026-11-19']);
    expect(await history(id)).toMatchObject({
      to: '2026-11-19',
      daysDone: 90,
      percent: 100,
      status: 'COMPLETE',
      problem: null,
      updatedAt: NOON.toISOString(),
    });
    const days = await copied(id);
    expect(days).toHaveLength(90);
    // 30 days restate: those up to 20 October no longer do.
    expect(days.filter(({ isFinal }) => isFinal).at(-1)?.day).toBe('2026-10-20');
  });

  itInDrills('takes one call for the list of Meta and one for each 500 rows', async () => {
    for (const one of await connected('meta-ads')) {
      await stage.simulated.takeCalls();
      await stage.copy(one, nora);
      const batches = (await stage.simulated.takeCalls('meta')).filter(({ inner }) => !inner);
      const pages = Math.max(1, Math.ceil((await rows(one.id)).length / 500));
      expect(batches).toHaveLength(1 + pages);
      expect((await history(one.id)).status).toBe('COMPLETE');
    }
  });

  itInDrills(
    'takes one call for the figures of a LinkedIn account in all, and one for each 6000 rows of its days',
    async () => {
      const calls: number[] = [];
      for (const one of await connected('linkedin-ads')) {
        await stage.simulated.takeCalls();
        await stage.copy(one, nora);
        const made = (await stage.simulated.takeCalls('linkedin')).filter(({ path }) => path.includes('adAnalytics'));
        const [{ count }] = await stage.sql(
          'SELECT count(*)::int AS count FROM integrations.history_campaign WHERE account_id = $1',
          [one.id],
        );
        expect(made).toHaveLength(1 + Math.ceil(90 / Math.min(90, Math.floor(6_000 / Math.max(1, count)))));
        expect((await history(one.id)).status).toBe('COMPLETE');
        calls.push(made.length);
      }
      expect(calls).toEqual(expect.arrayContaining([2, 3]));
    },
  );

  it('queues each account once, however often the job runs', async () => {
    const accounts = await connected();
    for (let time = 0; time < 3; time += 1) await stage.run('integrations.queue-histories');
    for (const { id } of accounts)
      expect(await stage.services.jobs.find('integrations.copy-history', id)).not.toBeNull();
    const waiting = (await stage.services.jobs.status()).find(({ name }) => name === 'integrations.copy-history');
    expect(waiting?.waiting).toBe(accounts.length);
  });

  it('reads yesterday and days that may have changed each night, and nothing else', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    const before = await rows(id);
    await stage.simulated.takeCalls();
    await stage.sql(
      `UPDATE integrations.daily_metrics SET clicks = clicks + 1 WHERE account_id = $1 AND day IN ('2026-10-10', '2026-11-10')`,
      [id],
    );
    await stage.sql(
      `INSERT INTO integrations.daily_metrics SELECT organization_id, account_id, '2026-11-12', 'gone', 1, 1, 1, 1, 1
       FROM integrations.account_history WHERE account_id = $1`,
      [id],
    );
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual([]);
    stage.clock.advanceSeconds(DAY);
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-20', 'days 2026-10-21 2026-11-20']);
    const after = await rows(id);
    const changed = after.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[index]));
    // Final days keep their (here deliberately wrong) figures; days that may change are corrected.
    expect(new Set(changed.map(({ day }) => new Date(day).getTime()))).toEqual(
      new Set(after.filter(({ day }) => /Oct 10|Nov 20/.test(String(day))).map(({ day }) => day.getTime())),
    );
    expect((await copied(id)).length).toBe(91);
  });

  it('catches up after nights without a worker', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    stage.clock.advanceSeconds(5 * DAY);
    await stage.simulated.takeCalls();
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-24', 'days 2026-10-21 2026-11-24']);
    expect(await history(id)).toMatchObject({ daysDone: 95, daysTotal: 95, status: 'COMPLETE' });
  });

  it("uses the account's time zone for yesterday", async () => {
    // It is the 21st in Tokyo, and the 20th in Los Angeles.
    stage.clock.now = new Date('2026-11-20T16:00:00Z');
    const accounts = await connected();
    for (const one of accounts) await stage.copy(one, nora);
    const zones = Object.fromEntries(
      await Promise.all(accounts.map(async ({ id, timeZone }) => [timeZone, (await history(id)).to])),
    );
    expect(zones).toMatchObject({ 'Asia/Tokyo': '2026-11-20', 'America/New_York': '2026-11-19' });
  });

  it.each([
    ['forward', new Date('2026-03-28T12:00:00Z')],
    ['back', new Date('2026-10-24T12:00:00Z')],
  ])('copies each day once when clocks go %s', async (_direction, before) => {
    stage.clock.now = before;
    const accounts = await connected();
    for (let hour = 0; hour < 72; hour += 6) {
      for (const one of accounts) await stage.copy(one, nora);
      stage.clock.advanceSeconds(6 * HOUR);
    }
    for (const one of accounts) await stage.copy(one, nora);
    for (const { id } of accounts) {
      const { daysDone, daysTotal, status } = await history(id);
      expect({ daysDone, status }).toEqual({ daysDone: daysTotal, status: 'COMPLETE' });
      expect(daysTotal).toBeGreaterThanOrEqual(92);
    }
  });

  it('is done by one of two concurrent workers', async () => {
    const { id } = await account('1029384756');
    const another = await stage.reopen({});
    const data = { accountId: id, organizationId: nora.organizationId };
    await Promise.all([
      stage.run('integrations.copy-history', data),
      stage.run('integrations.copy-history', data, undefined, another.subgraph),
      stage.run('integrations.copy-history', data),
    ]);
    expect(await questions()).toHaveLength(2);
    expect(await history(id)).toMatchObject({ daysDone: 90, status: 'COMPLETE' });
  });

  it('continues after a worker died, and keeps what it stored', async () => {
    const { id } = await account('1029384756');
    const whole = { id };
    await stage.copy(whole, nora);
    const expected = await rows(id);
    // As it is found after kill -9 in the middle: the newest days are in, the claim stands.
    await stage.sql('DELETE FROM integrations.history_day WHERE account_id = $1 AND day < $2', [id, '2026-10-01']);
    await stage.sql('DELETE FROM integrations.daily_metrics WHERE account_id = $1 AND day < $2', [id, '2026-10-01']);
    await stage.sql('UPDATE integrations.account_history SET due_at = $2, claimed_until = $3 WHERE account_id = $1', [
      id,
      NOON,
      new Date(NOON.getTime() + 180_000),
    ]);
    await stage.simulated.takeCalls();
    await stage.copy(whole, nora);
    expect(await questions()).toEqual([]);
    stage.clock.advanceSeconds(181);
    await stage.copy(whole, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-19', 'days 2026-08-22 2026-09-30']);
    expect(await rows(id)).toEqual(expected);
  });

  it('waits for the retry delay of an exhausted limit without counting a failure', async () => {
    const { id } = await account('1029384756');
    await stage.simulated.breakNext({
      provider: 'google-ads',
      kind: 'status',
      status: 429,
      match: 'customers/1029384756/',
      times: 3,
    });
    await stage.copy({ id }, nora);
    const waiting = await history(id);
    expect(waiting).toMatchObject({ status: 'COPYING', problem: null, daysDone: 0 });
    const waitMs = Date.parse(waiting.nextAt) - NOON.getTime();
    expect(waitMs).toBeGreaterThan(0);
    await stage.simulated.forgetFaults();
    await stage.simulated.takeCalls();
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual([]);
    stage.clock.advanceSeconds(waitMs / 1000);
    await stage.copy({ id }, nora);
    expect(await history(id)).toMatchObject({ status: 'COMPLETE' });
  });

  it('of one account fails alone, records why, and is retried', async () => {
    const accounts = await connected();
    await stage.simulated.breakNext({
      provider: 'google-ads',
      kind: 'status',
      status: 500,
      match: 'customers/2718281828/',
      times: 9,
    });
    for (const one of accounts) await stage.copy(one, nora);
    for (const { id, externalId } of accounts) {
      const { status, problem } = await history(id);
      const isBroken = externalId === '2718281828';
      expect(status).toBe(isBroken ? 'FAILING' : 'COMPLETE');
      if (isBroken) expect(problem).toMatch(/^Google Ads /);
      else expect(problem).toBeNull();
    }
    await stage.simulated.forgetFaults();
    stage.clock.advanceSeconds(5 * 60);
    await stage.copyAll();
    for (const { id } of accounts) expect((await history(id)).status).toBe('COMPLETE');
  });

  it('leaves the reserve of the quota to users', async () => {
    const { id } = await account('1029384756');
    const job = stage.subgraph.jobs.find(({ name }) => name === 'integrations.copy-history');
    const priorities: string[] = [];
    const reportProgress = async () => void priorities.push(currentPriority());
    const data = { accountId: id, organizationId: nora.organizationId };
    await job?.run(data as never, { ...testJobRun(), reportProgress });
    expect(priorities).toEqual(['background']);
  });

  it('stores amounts of any size, and leaves a day with a strange row due and named', async () => {
    const { id, externalId } = await account('1029384756');
    const day = (date: string, campaignId: string, metrics: object = {}) => ({
      campaign: { id: campaignId },
      segments: { date },
      metrics: {
        impressions: '1',
        clicks: '1',
        costMicros: '9223372036854775807',
        conversions: 1e12,
        conversionsValue: 9_007_199_254_740_991,
        ...metrics,
      },
    });
    const results = [
      day('2026-11-18', '1'),
      day('2026-11-18', '2', { clicks: 'many' }),
      day('2026-11-19', '1', { clicks: '5' }),
      day('2026-11-19', '1'),
    ];
    const listed = { campaign: { id: '1', name: 'One', status: 'UNKNOWN' }, metrics: day('', '1').metrics };
    const answers = [[{ results: [listed] }], [{ results }]];
    for (const body of answers) {
      const match = `customers/${externalId}/`;
      await stage.simulated.breakNext({ provider: 'google-ads', kind: 'status', status: 200, body, match });
    }
    await stage.copy({ id }, nora);
    expect(await history(id)).toMatchObject({
      daysDone: 89,
      status: 'FAILING',
      problem: 'Google Ads reports a value that cannot be read exactly (metrics.clicks of 2 on 2026-11-18).',
    });
    expect((await copied(id)).map((one) => one.day)).not.toContain('2026-11-18');
    expect(await rows(id)).toMatchObject([
      { clicks: '1', cost_micros: '9223372036854775807', conversion_value_micros: '9007199254740991000000' },
    ]);
    // The next night the row is as usual.
    stage.clock.advanceSeconds(DAY);
    await stage.copy({ id }, nora);
    expect(await history(id)).toMatchObject({ status: 'COMPLETE', problem: null });
  });

  it('counts a day without activity as copied', async () => {
    const { id } = await account('1029384756');
    await stage.sql('UPDATE integrations.account_history SET wanted_from = $2 WHERE account_id = $1', [
      id,
      '2023-12-01',
    ]);
    await stage.copy({ id }, nora);
    expect(await history(id)).toMatchObject({ status: 'COMPLETE', from: '2023-12-01' });
    expect((await rows(id)).filter(({ day }) => day < new Date('2023-12-31'))).toEqual([]);
    await stage.simulated.takeCalls();
    const query = `query ($id: ID!) { account(id: $id) {
      metricsDaily(range: { start: "2023-12-05", end: "2023-12-10" }) { date }
    } }`;
    expect((await stage.ask(nora, query, { id })).data.account.metricsDaily).toEqual([]);
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  it('ends without an error when the account is gone meanwhile', async () => {
    const { id } = await account('1029384756');
    const job = { accountId: id, organizationId: nora.organizationId };
    await stage.sql('DELETE FROM integrations.account_access WHERE account_id = $1', [id]);
    await stage.sql('DELETE FROM integrations.account WHERE id = $1', [id]);
    expect(await stage.sql('SELECT FROM integrations.account_history WHERE account_id = $1', [id])).toEqual([]);
    await stage.run('integrations.copy-history', job);
    expect(await questions()).toEqual([]);
  });

  it('starts over when the time zone of the account changes', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    await stage.sql("UPDATE integrations.account SET time_zone = 'Asia/Tokyo' WHERE id = $1", [id]);
    await stage.simulated.takeCalls();
    const query = `query ($id: ID!) { account(id: $id) {
      metricsDaily(range: { start: "2026-09-01", end: "2026-09-02" }) { date }
    } }`;
    await stage.ask(nora, query, { id });
    expect(await questions()).toEqual(['days 2026-09-01 2026-09-02']);
    await stage.run('integrations.open-histories');
    await stage.run('integrations.queue-histories');
    expect(await history(id)).toMatchObject({ daysDone: 0, status: 'COPYING' });
  });

  it('uses the connection that opens the account now, and pauses while none does', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    const [connection] = await stage.sql('SELECT connection_id AS id FROM integrations.account WHERE id = $1', [id]);
    await stage.ask(nora, 'mutation ($id: ID!) { disconnect(connectionId: $id) { connection { status } } }', {
      id: connection.id,
    });
    stage.clock.advanceSeconds(DAY);
    await stage.simulated.takeCalls();
    await stage.run('integrations.open-histories');
    await stage.run('integrations.queue-histories');
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual([]);
    expect(await history(id)).toMatchObject({ daysDone: 90, daysTotal: 91 });
    // Copied days of an account that no connection opens are not returned.
    const query = `query ($id: ID!) { account(id: $id) {
      metricsDaily(range: { start: "2026-09-01", end: "2026-09-02" }) { date }
    } }`;
    expect((await stage.ask(nora, query, { id })).code).toBe('RECONNECT_REQUIRED');
    await stage.connect(nora, 'google-ads');
    await stage.simulated.takeCalls();
    stage.clock.advanceSeconds(DAY);
    await stage.copyAll();
    const asked = await questions();
    expect(asked).toContain('days 2026-10-21 2026-11-21');
    expect(await history(id)).toMatchObject({ status: 'COMPLETE', daysDone: 92 });
  });

  it('copies requested earlier days in bounded parts, and can be cancelled', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    const { data, errors } = await stage.ask(nora, ORDER, { id, from: '2025-11-20' });
    expect(errors).toEqual([]);
    expect(data.backfillHistory.account.history).toMatchObject({
      from: '2025-11-20',
      daysDone: 90,
      daysTotal: 365,
      percent: 24,
      status: 'COPYING',
    });
    await stage.simulated.takeCalls();
    // Called off by the time the first part of it is in.
    const controller = new AbortController();
    const job = stage.subgraph.jobs.find(({ name }) => name === 'integrations.copy-history');
    const progress: number[] = [];
    const run = {
      signal: controller.signal,
      attempt: 1,
      once: async () => true,
      reportProgress: async (percent: number) => {
        progress.push(percent);
        await stage.ask(nora, CANCEL, { id });
        controller.abort(new Error('The job was cancelled.'));
      },
    };
    await expect(job?.run({ accountId: id, organizationId: nora.organizationId } as never, run)).rejects.toThrow();
    expect(progress).toEqual([49]);
    const asked = await questions();
    expect(asked).toEqual(['list 2025-11-20 2026-11-19', 'days 2026-05-24 2026-08-21']);
    expect(await history(id)).toMatchObject({ from: '2026-05-24', daysDone: 180, status: 'COMPLETE' });
    const audited = await stage.sql("SELECT action FROM operations.audit_event WHERE action LIKE 'history.%'");
    expect(audited.map(({ action }: any) => action).sort()).toEqual(['history.cancelled', 'history.ordered']);
  });

  const REFRESH = /* GraphQL */ `
    mutation ($id: ID!, $range: DateRangeInput!) {
      refreshHistory(accountId: $id, range: $range) { account { history { daysToRefresh status } } }
    }
  `;
  const RESTATE = /* GraphQL */ `
    mutation ($id: ID!, $days: Int) {
      setRestatedDays(accountId: $id, days: $days) { account { history { restatedDays daysToRefresh } } }
    }
  `;
  const restate = async (id: string, days: number | null) =>
    (await stage.ask(nora, RESTATE, { id, days })).data.setRestatedDays.account.history;
  const CLICKS = `query ($id: ID!) { account(id: $id) {
    metricsDaily(range: { start: "2026-09-10", end: "2026-09-10" }) { fetchedAt metrics { clicks } }
  } }`;
  const clicks = async (id: string) => (await stage.ask(nora, CLICKS, { id })).data.account.metricsDaily[0];

  it('reads final days again when that is ordered, and serves them as they were until then', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    const before = await clicks(id);
    // The provider's figures have changed since, which here is the other way round.
    await stage.sql('UPDATE integrations.daily_metrics SET clicks = clicks + 7 WHERE account_id = $1', [id]);
    await stage.simulated.takeCalls();
    stage.clock.advanceSeconds(HOUR);
    const range = { start: '2026-09-01', end: '2026-09-20' };
    for (let time = 0; time < 2; time += 1) {
      const { data } = await stage.ask(nora, REFRESH, { id, range });
      expect(data.refreshHistory.account.history).toEqual({ daysToRefresh: 20, status: 'COMPLETE' });
    }
    expect((await clicks(id)).metrics.clicks).toBeGreaterThan(before.metrics.clicks);
    stage.clock.advanceSeconds(HOUR);
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-19', 'days 2026-09-01 2026-09-20']);
    expect(await clicks(id)).toEqual({ fetchedAt: stage.clock.now.toISOString(), metrics: before.metrics });
    expect((await copied(id)).find(({ day }) => day === '2026-09-10')?.isFinal).toBe(true);
    const { data, code } = await stage.ask(nora, REFRESH, { id, range: { start: '2026-01-01', end: '2026-01-31' } });
    expect([data, code]).toEqual([null, 'BAD_USER_INPUT']);
    const audited = await stage.sql("SELECT after FROM operations.audit_event WHERE action = 'history.refreshed'");
    expect(audited).toEqual([{ after: { from: '2026-09-01', to: '2026-09-20', days: 20 } }]);
  });

  it('reads as many days again each night as are set, up to 90', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    stage.clock.advanceSeconds(HOUR);
    expect(await restate(id, 60)).toEqual({ restatedDays: 60, daysToRefresh: 30 });
    await stage.simulated.takeCalls();
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-19', 'days 2026-09-21 2026-10-20']);
    stage.clock.advanceSeconds(DAY);
    await stage.copy({ id }, nora);
    expect(await questions()).toEqual(['list 2026-08-22 2026-11-20', 'days 2026-09-21 2026-11-20']);
    expect((await copied(id)).filter(({ isFinal }) => isFinal).at(-1)?.day).toBe('2026-09-21');
    expect(await restate(id, null)).toEqual({ restatedDays: 30, daysToRefresh: 0 });
    stage.clock.advanceSeconds(DAY);
    await stage.copy({ id }, nora);
    await questions();
    expect((await copied(id)).filter(({ isFinal }) => isFinal).at(-1)?.day).toBe('2026-10-22');
    for (const days of [0, 91, -1]) {
      const { errors } = await stage.ask(nora, RESTATE, { id, days });
      expect(errors[0].extensions.details).toEqual([{ argument: 'days', problem: 'must be 1 to 90' }]);
    }
  });

  it('counts conversions at Meta for 28 days by default', async () => {
    const [{ id }] = await connected('meta-ads');
    expect(await restate(id, null)).toEqual({ restatedDays: 28, daysToRefresh: 0 });
  });

  it.each([
    ['from', '2026-11-20', 'must be before today'],
    ['from', '2024-09-30', 'must not be before 2024-10-01: earlier days are not kept here'],
    ['from', '2020-01-01', 'must not be before 2023-10-20: Google Ads reports no earlier days'],
  ])('refuses a request when %s is %s', async (argument, from, problem) => {
    const { id } = await account('1029384756');
    const { code, errors } = await stage.ask(nora, ORDER, { id, from });
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0].extensions.details).toEqual([{ argument, problem }]);
  });

  it('is requested by administrators, for their own accounts, as far back as the provider reports', async () => {
    const { id } = await account('1029384756');
    const analyst = someone('ANALYST', nora.organizationId);
    expect((await stage.ask(analyst, ORDER, { id, from: '2026-01-01' })).code).toBe('FORBIDDEN');
    expect((await stage.ask(analyst, CANCEL, { id })).code).toBe('FORBIDDEN');
    expect((await stage.ask(someone(), ORDER, { id, from: '2026-01-01' })).code).toBe('NOT_FOUND');
    expect((await stage.ask(someone(), CANCEL, { id })).code).toBe('NOT_FOUND');
    const range = { start: '2026-10-01', end: '2026-10-02' };
    for (const [mutation, variables] of [
      [REFRESH, { id, range }],
      [RESTATE, { id, days: 60 }],
    ] as const) {
      expect((await stage.ask(analyst, mutation, variables)).code).toBe('FORBIDDEN');
      expect((await stage.ask(someone(), mutation, variables)).code).toBe('NOT_FOUND');
    }
    expect((await stage.ask(aService, ORDER, { id, from: '2026-01-01' })).code).toBeDefined();
    const { accounts } = await stage.connect(nora, 'search-console');
    // Search Console keeps 16 months.
    const refused = await stage.ask(nora, ORDER, { id: accounts[0].id, from: '2025-06-01' });
    expect(refused.errors[0].extensions.details[0].argument).toBe('from');
  });

  it('deletes days beyond the retention period, and does not copy them again', async () => {
    const { id } = await account('1029384756');
    await stage.copy({ id }, nora);
    stage.clock.now = new Date('2028-10-01T12:00:00Z');
    await stage.run('integrations.trim-histories');
    expect((await copied(id))[0]?.day).toBe('2026-09-01');
    expect(await stage.sql("SELECT FROM integrations.daily_metrics WHERE day < '2026-09-01'")).toEqual([]);
    expect((await rows(id)).length).toBeGreaterThan(0);
    expect((await history(id)).from).toBe('2026-09-01');
  });
});
