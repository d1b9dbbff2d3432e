import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { openReportingDatabase } from '#reporting/database.js';
import { openDataset } from '#reporting/dataset/open-dataset.js';
import { invariants } from '#reporting/invariants.js';
import { fakeAccount, fakeCampaign } from '#reporting/testing/fake-graph.js';
import { member, openTestReporting, RANGE, type TestReporting } from '#reporting/testing/open-test-reporting.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { UnrecoverableError } from '#runtime/jobs/jobs.js';

let reporting: TestReporting;
let database: Awaited<ReturnType<typeof openReportingDatabase>>;

beforeAll(async () => {
  reporting = await openTestReporting();
  database = await openReportingDatabase(reporting.services);
});
afterAll(() => reporting.close());

beforeEach(async () => {
  await reporting.database.query('DELETE FROM reporting.report');
  reporting.queue.jobs.length = 0;
  reporting.queue.isDown = false;
  reporting.graph.operations.length = 0;
  reporting.graph.beforeAnswer = () => {};
  reporting.graph.accounts = [fakeAccount('Shop')];
  reporting.graph.campaigns = [fakeCampaign('Shop', 'Autumn', '1.1')];
});

async function ordered(variables = {}, identity = member()): Promise<string> {
  const { data, errors } = await reporting.order(identity, variables);
  expect(errors).toBeUndefined();
  return (data as { generateReport: { report: { id: string } } }).generateReport.report.id;
}

/** The report as it is stored, and the rows of its section of campaigns. */
async function stored(id: string) {
  const { rows } = await reporting.database.query('SELECT * FROM reporting.report WHERE id = $1', [id]);
  const dataset = await openDataset({ database }, { reportId: id });
  const cells = dataset ? await dataset.page('performance-2', { start: 0, count: 10_000 }) : null;
  const keys = dataset?.manifest.sections[1]?.columns.map(({ key }) => key) ?? [];
  const campaigns = cells?.map((row) => row[keys.indexOf('campaign')]) ?? null;
  return { ...rows[0], campaigns, cells, manifest: dataset?.manifest ?? null } as Record<string, any>;
}
const chunks = async (id: string) =>
  (await reporting.database.query('SELECT FROM reporting.report_chunk WHERE report_id = $1', [id])).rowCount;

const failWith = (code: string) => () => {
  throw new GraphRequestFailed('Google Ads said no.', code);
};

/** Makes a report one that a schedule has ordered; returns the id of its delivery. */
async function delivered(reportId: string, { organizationId }: { organizationId: string }): Promise<string> {
  const { rows } = await reporting.database.query(
    `WITH schedule AS (
       INSERT INTO reporting.report_schedule (organization_id, name, template_id, recurrence, time_zone, period, client_ids, formats,
         delivery_method, on_incomplete, is_reviewed, next_run_at, version, created_at, updated_at)
       VALUES ($1, 'Daily', 'campaign-performance', '{"every": "DAILY", "at": "08:00"}', 'UTC', 'YESTERDAY', '{}', '{CSV}',
         'ATTACHMENT', 'HOLD', false, now(), 1, now(), now())
       RETURNING id),
     report AS (UPDATE reporting.report SET schedule_id = schedule.id FROM schedule WHERE report.id = $2)
     INSERT INTO reporting.report_delivery (organization_id, schedule_id, due_at, is_extra, state, report_id, created_at)
     SELECT $1, id, now(), false, 'MAKING', $2, now() FROM schedule RETURNING id`,
    [organizationId, reportId],
  );
  return rows[0].id;
}

/** Starts a worker that is held at its first request to the graph until it is released, perhaps with an error. */
async function workerHeldAt(id: string) {
  let letGo = (_error?: Error) => {};
  let finished: Promise<void> = Promise.resolve();
  const held = new Promise<void>((resolve, reject) => {
    letGo = (error) => (error ? reject(error) : resolve());
  });
  await new Promise<void>((arrive) => {
    reporting.graph.beforeAnswer = () => {
      reporting.graph.beforeAnswer = () => {};
      arrive();
      return held;
    };
    finished = reporting.run(id);
  });
  return { letGo, finished };
}

describe('making a report', () => {
  it('asks one question per section for its organization, clients and days, and stores what is answered', async () => {
    const identity = member();
    const clientIds = [randomUUID()];
    reporting.graph.campaigns = [
      fakeCampaign('Shop', 'Autumn', '1.1'),
      fakeCampaign('Shop', 'Spring', '3.30', 'USD'),
      fakeCampaign('Shop', 'Nul \0, half \ud83d, whole \u{1f600}', '2'),
    ];
    const id = await ordered({ clientIds, compareTo: 'PREVIOUS_YEAR', currency: 'EUR', language: 'de' }, identity);
    await reporting.run(id);
    const report = await stored(id);
    expect(report).toMatchObject({ status: 'READY', progress: 100, step: null, row_count: 6, waits: 0, attempts: 1 });
    expect(report.campaigns).toEqual(['Autumn', 'Spring', 'Nul \ufffd, half \ufffd, whole \u{1f600}']);
    const organizations = reporting.graph.operations.map(({ organizationId }) => organizationId);
    expect(new Set(organizations)).toEqual(new Set([identity.organizationId]));
    expect(report.manifest.conversion).toEqual({
      currency: 'EUR',
      source: 'European Central Bank',
      sourceUrl: 'https://www.ecb.europa.eu',
      rates: [
        { currency: 'USD', from: '2026-10-01', to: '2026-10-30', rate: null },
        { currency: 'GBP', from: '2026-10-30', to: '2026-10-30', rate: '1.15' },
      ],
    });
    const asked = {
      range: RANGE,
      compareTo: 'PREVIOUS_YEAR',
      currency: 'EUR',
      filter: { clientIds },
      first: 1_000,
      after: null,
    };
    expect(
      reporting.graph.operations.filter(({ name }) => name === 'GetPerformance').map(({ variables }) => variables),
    ).toEqual([
      { ...asked, groupBy: ['PROVIDER'] },
      { ...asked, groupBy: ['PROVIDER', 'CAMPAIGN', 'STATUS'] },
    ]);
    expect(report.manifest).toMatchObject({
      organization: 'Harbour Agency',
      clients: [expect.stringContaining('Client')],
      timeZone: 'Europe/Berlin',
      language: 'de',
      range: RANGE,
      compared: { start: '2026-09-01', end: '2026-09-30' },
      template: { id: 'campaign-performance', version: 1 },
      sections: [
        { id: 'performance', totalCount: 3, rowCount: 3 },
        { id: 'performance-2', sources: [{ account: 'Shop', state: 'COMPLETE' }] },
      ],
    });
    expect(report.manifest.sections[1].controlTotals).toContainEqual({ column: 'cost', currency: 'USD', sum: '3.3' });
    expect(report.sources).toMatchObject([{ account: 'Shop', provider: 'Google Ads', state: 'COMPLETE' }]);
  });

  it('reads pages, and shows its progress with the section that is read', async () => {
    reporting.graph.campaigns = Array.from({ length: 2_500 }, (_, index) => fakeCampaign('Shop', `C${index}`, '0.01'));
    const id = await ordered();
    const seen: unknown[] = [];
    reporting.graph.beforeAnswer = async () => {
      const { status, progress, step, step_section } = await stored(id);
      seen.push([status, progress, step, step_section]);
    };
    await reporting.run(id);
    expect(seen.slice(-6)).toEqual(
      [0, 18, 36, 45, 63, 81].map((progress) => ['RUNNING', progress, 'READING', progress < 45 ? 0 : 1]),
    );
    expect((await stored(id)).campaigns).toEqual(reporting.graph.campaigns.map(({ name }) => name));
  });

  it('reads a section again when its figures change between two pages', async () => {
    reporting.graph.campaigns = Array.from({ length: 1_500 }, (_, index) => fakeCampaign('Shop', `C${index}`, '1'));
    const id = await ordered();
    let pages = 0;
    reporting.graph.beforeAnswer = () => {
      if (reporting.graph.operations.at(-1)?.name !== 'GetPerformance') return;
      pages += 1;
      if (pages === 4) reporting.graph.campaigns = [fakeCampaign('Shop', 'New', '1'), ...reporting.graph.campaigns];
    };
    await reporting.run(id);
    const { status, campaigns } = await stored(id);
    expect([status, campaigns.length, campaigns[0], new Set(campaigns).size, pages]).toEqual([
      'READY',
      1_501,
      'New',
      1_501,
      6,
    ]);
  });

  it('reads every kind of section, and limits rows as the template says', async () => {
    reporting.graph.lists.posts = [
      {
        post: {
          externalId: '1',
          text: 'Hello',
          createdAt: '2026-10-01T00:00:00.000Z',
          url: 'https://x.com',
          fetchedAt: '2026-10-01T00:00:00.000Z',
        },
        metrics: { posts: 1, likes: 3 },
      },
    ];
    reporting.graph.lists.budgets = [
      {
        client: { id: 'c', name: 'Client' },
        month: '2026-10-01',
        repeats: true,
        currency: 'EUR',
        amount: { amount: '10', currency: 'EUR' },
        spent: { amount: '4', currency: 'EUR' },
        spentThrough: { amount: '4', currency: 'EUR' },
        expected: { amount: '5', currency: 'EUR' },
        pace: 0.8,
        forecast: null,
        daysLeft: 0,
        sources: [],
      },
    ];
    const rows: Record<string, number[]> = {};
    for (const templateId of [
      'search-queries',
      'web-analytics',
      'local-presence',
      'posts',
      'budget-and-pace',
      'account-summary',
      'performance-overview',
    ]) {
      const id = await ordered({
        templateId,
        compareTo: 'PREVIOUS_PERIOD',
        range: { start: '2026-09-15', end: '2026-10-31' },
      });
      await reporting.run(id);
      const { status, manifest } = await stored(id);
      expect([templateId, status]).toEqual([templateId, 'READY']);
      rows[templateId] = manifest.sections.map(({ rowCount }: { rowCount: number }) => rowCount);
    }
    expect(rows).toMatchObject({
      posts: [1, 1],
      'budget-and-pace': [2, 1],
      'account-summary': [1, 1],
      'search-queries': [0, 0, 0],
    });
    reporting.graph.campaigns = Array.from({ length: 40 }, (_, index) => fakeCampaign('Shop', `C${index}`, '1'));
    const id = await ordered({ templateId: 'performance-overview' });
    await reporting.run(id);
    expect((await stored(id)).manifest.sections[2]).toMatchObject({ rowCount: 25, totalCount: 40 });
  });

  it('fails at once without any connected account, and for a client that is gone', async () => {
    reporting.graph.accounts = [];
    const id = await ordered();
    await reporting.run(id);
    const message = expect.stringMatching(/^There is no connected account to report on\. Connect one/);
    expect(await stored(id)).toMatchObject({ status: 'FAILED', failure_code: 'NOT_FOUND', failure_message: message });
    const gone = await ordered({ clientIds: ['00000000-0000-4000-8000-000000000000'] });
    await reporting.run(gone);
    expect(await stored(gone)).toMatchObject({ status: 'FAILED', failure_code: 'NOT_FOUND', attempts: 1 });
  });
});

describe('making a report more than once', () => {
  it('is done by one of four concurrent workers, and not again once it is READY', async () => {
    const id = await ordered();
    let release = () => {};
    const othersAreDone = new Promise<void>((resolve) => {
      release = resolve;
    });
    reporting.graph.beforeAnswer = () => othersAreDone;
    let done = 0;
    const work = async () => {
      await reporting.run(id);
      done += 1;
      if (done === 3) release();
    };
    await Promise.all([work(), work(), work(), work()]);
    const before = await stored(id);
    expect(before).toMatchObject({ status: 'READY', attempts: 1 });
    reporting.graph.campaigns = [];
    await reporting.run(id);
    expect(await stored(id)).toEqual(before);
  });

  it('takes over from a vanished worker, and from no other', async () => {
    const id = await ordered();
    const silent = await workerHeldAt(id);
    reporting.advance(120);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'RUNNING', attempts: 1 });
    reporting.advance(1);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2 });
    reporting.graph.campaigns = [];
    silent.letGo();
    await silent.finished;
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2, campaigns: ['Autumn'] });
  });

  it('lets a worker without its claim neither publish nor fail the report', async () => {
    const id = await ordered();
    const silent = await workerHeldAt(id);
    reporting.advance(121);
    const successor = await workerHeldAt(id);
    silent.letGo(new GraphRequestFailed('There is no account with this id.', 'NOT_FOUND'));
    await silent.finished;
    expect(await stored(id)).toMatchObject({ status: 'RUNNING', attempts: 2, failure_code: null });
    successor.letGo();
    await successor.finished;
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2 });
  });

  it('is atomic, and starts anew', async () => {
    const id = await ordered();
    await reporting.database.query(
      'ALTER TABLE reporting.report_dataset ADD CONSTRAINT full_disk CHECK (row_count < 0)',
    );
    await expect(reporting.run(id)).rejects.toThrow('full_disk');
    expect(await stored(id)).toMatchObject({ status: 'QUEUED', row_count: null, finished_at: null, manifest: null });
    await reporting.database.query('ALTER TABLE reporting.report_dataset DROP CONSTRAINT full_disk');
    reporting.graph.campaigns = [fakeCampaign('Shop', 'Other', '1')];
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', campaigns: ['Other'], attempts: 2 });
  });
});

describe('a report that cannot be made', () => {
  it.each(['FORBIDDEN', 'BAD_USER_INPUT', 'RECONNECT_REQUIRED'])(
    'is FAILED at once on %s, with what to do',
    async (code) => {
      const identity = member();
      const id = await ordered({}, identity);
      reporting.graph.beforeAnswer = failWith(code);
      await reporting.run(id);
      const query =
        'query ($id: ID!) { report(id: $id) { status failure { code message } sections { key } waiting { code } } }';
      const { data } = await reporting.ask(query, identity, { id });
      const message = expect.stringMatching(/^Google Ads said no\. .+ again/);
      expect(data?.report).toEqual({ status: 'FAILED', failure: { code, message }, sections: null, waiting: null });
      await reporting.run(id);
      expect(await stored(id)).toMatchObject({ status: 'FAILED', attempts: 1 });
    },
  );

  it('waits while something is away, without counting attempts, and is made when it is back', async () => {
    const identity = member();
    const id = await ordered({}, identity);
    reporting.graph.beforeAnswer = failWith('SUBGRAPH_UNAVAILABLE');
    for (let waits = 1; waits <= 8; waits += 1) {
      await reporting.run(id);
      const { status, retry_at, progress } = await stored(id);
      expect([status, progress]).toEqual(['WAITING', 0]);
      const seconds = (retry_at.getTime() - reporting.clock.now.getTime()) / 1_000;
      expect(seconds).toBe(Math.min(1_800, 30 * 2 ** (waits - 1)));
      // Not before its time.
      await reporting.run(id);
      expect(await stored(id)).toMatchObject({ status: 'WAITING', waits, attempts: waits });
      reporting.queue.jobs.length = 0;
      await reporting.requeue();
      expect(reporting.queue.jobs).toEqual([]);
      reporting.advance(seconds);
      await reporting.requeue();
      expect(reporting.queue.jobs.map(({ data }) => data.reportId)).toEqual([id]);
    }
    const { data } = await reporting.ask(
      'query ($id: ID!) { report(id: $id) { waiting { code message } } }',
      identity,
      { id },
    );
    expect(data?.report).toEqual({ waiting: { code: 'SUBGRAPH_UNAVAILABLE', message: 'Google Ads said no.' } });
    reporting.graph.beforeAnswer = () => {};
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', waiting_code: null, waiting_since: null });
  });

  it('fails after a day of waiting: for the operator when a part of WebMetrics stays away, but not when a provider does', async () => {
    const events = async (code: string) => {
      const id = await ordered();
      reporting.graph.beforeAnswer = failWith(code);
      await reporting.run(id);
      reporting.advance(24 * 60 * 60);
      const last = reporting.run(id);
      if (code === 'SUBGRAPH_UNAVAILABLE') await expect(last).rejects.toThrow(UnrecoverableError);
      await last.catch(() => {});
      expect(await stored(id)).toMatchObject({ status: 'FAILED', failure_code: code });
      expect(await chunks(id)).toBe(0);
    };
    await events('PROVIDER_UNAVAILABLE');
    await events('SUBGRAPH_UNAVAILABLE');
  });

  it('is retried after an unexpected error, five times', async () => {
    const id = await ordered();
    reporting.graph.beforeAnswer = failWith('INTERNAL_SERVER_ERROR');
    for (const attempts of [1, 2, 3, 4, 5]) {
      await expect(reporting.run(id)).rejects.not.toThrow(UnrecoverableError);
      expect(await stored(id)).toMatchObject({ status: 'QUEUED', attempts, failure_code: null });
    }
    await expect(reporting.run(id)).rejects.toThrow(UnrecoverableError);
    expect(await stored(id)).toMatchObject({ status: 'FAILED', attempts: 6, failure_code: 'INTERNAL_SERVER_ERROR' });
  });

  it('fails when every worker that claimed it has vanished', async () => {
    const id = await ordered();
    await reporting.database.query(
      `UPDATE reporting.report SET status = 'RUNNING', attempts = 9, waits = 3, claimed_at = $2 WHERE id = $1`,
      [id, reporting.clock.now],
    );
    reporting.advance(121);
    await expect(reporting.run(id)).rejects.toThrow('Every worker that took report');
    expect(await stored(id)).toMatchObject({ status: 'FAILED', failure_code: 'INTERNAL_SERVER_ERROR' });
    expect(reporting.graph.operations).toHaveLength(0);
  });

  it('fails at once on a programming error, for the operator, whose replay makes it', async () => {
    const id = await ordered();
    reporting.graph.beforeAnswer = () => void (undefined as unknown as { status: string }).status;
    await expect(reporting.run(id)).rejects.toThrow(UnrecoverableError);
    const failure_message = 'The report could not be made. Order the report again later.';
    expect(await stored(id)).toMatchObject({ status: 'FAILED', failure_message });
    reporting.graph.beforeAnswer = () => {};
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2, failure_code: null });
  });

  it('is an event for webhooks when it is ready, and when it has failed for good', async () => {
    const identity = member();
    const events = await keepWebhookEvents(reporting.services.operations, identity.organizationId);
    const [reportId, failing] = [await ordered({}, identity), await ordered({}, identity)];
    await reporting.run(reportId);
    reporting.graph.beforeAnswer = failWith('NOT_FOUND');
    await reporting.run(failing);
    const title = expect.stringContaining('Campaigns by channel');
    const report = { title, templateId: 'campaign-performance', rangeStart: RANGE.start, rangeEnd: RANGE.end };
    const message = expect.stringContaining('Google Ads said no.');
    expect(await events()).toEqual([
      { type: 'report.ready', data: { ...report, reportId, rowCount: 2, unavailableAccountCount: 0 } },
      { type: 'report.failed', data: { ...report, reportId: failing, code: 'NOT_FOUND', message } },
    ]);
  });
});

describe('an account that cannot be read', () => {
  const denied = { state: 'MISSING', message: 'Google Ads does not let this account be read', code: 'FORBIDDEN' };
  const closed = { state: 'MISSING', message: 'Connect Google Ads again.', code: 'RECONNECT_REQUIRED' };
  const away = { state: 'MISSING', message: 'Google Ads does not answer.', code: 'PROVIDER_UNAVAILABLE' };
  const named = (name: string, { code, message }: typeof denied) => ({
    accountId: `account-${name}`,
    name,
    provider: 'Google Ads',
    code,
    message,
  });

  it('fails the report, which names every such account and what to do', async () => {
    reporting.graph.accounts = [fakeAccount('Denied', denied), fakeAccount('Shop'), fakeAccount('Closed', closed)];
    const id = await ordered();
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({
      status: 'FAILED',
      failure_code: 'FORBIDDEN',
      manifest: null,
      unavailable_accounts: [named('Denied', denied), named('Closed', closed)],
      failure_message: expect.stringMatching(
        /^Denied \(Google Ads\): .* read\. Closed \(Google Ads\): Connect .*\. Ask an admin.* LEAVE_OUT/,
      ),
    });
    expect(await chunks(id)).toBe(0);
  });

  it('is only said to have no figures when it was closed at its provider', async () => {
    const gone = { state: 'MISSING', message: 'The account is closed.', code: 'ACCOUNT_CLOSED' };
    reporting.graph.accounts = [fakeAccount('Old', gone), fakeAccount('Shop')];
    const id = await ordered();
    await reporting.run(id);
    const { status, unavailable_accounts, sources } = await stored(id);
    expect([status, unavailable_accounts, sources[0].code]).toEqual(['READY', [], 'ACCOUNT_CLOSED']);
  });

  it('is left out when the order says so, and is named', async () => {
    reporting.graph.accounts = [fakeAccount('Denied', denied), fakeAccount('Shop')];
    const id = await ordered({ onUnavailable: 'LEAVE_OUT' });
    await reporting.run(id);
    const { status, campaigns, unavailable_accounts, manifest } = await stored(id);
    expect([status, campaigns, unavailable_accounts]).toEqual(['READY', ['Autumn'], [named('Denied', denied)]]);
    expect(manifest.sections[0].sources[0]).toMatchObject({ account: 'Denied', state: 'MISSING', code: 'FORBIDDEN' });
  });

  it.each([
    ['LEAVE_OUT', 10 * 60, 'READY'],
    ['FAIL', 24 * 60 * 60, 'FAILED'],
  ])('is waited for while its provider is away: with %s for %i seconds', async (onUnavailable, seconds, status) => {
    reporting.graph.accounts = [fakeAccount('Slow', away), fakeAccount('Shop')];
    const id = await ordered({ onUnavailable });
    await reporting.run(id);
    const waiting = { status: 'WAITING', waiting_code: away.code, waiting_message: `Slow: ${away.message}` };
    expect(await stored(id)).toMatchObject({ ...waiting, unavailable_accounts: [] });
    reporting.advance(seconds - 1);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject(waiting);
    reporting.advance(30 * 60);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status, unavailable_accounts: [named('Slow', away)] });
  });
});

describe('a report that is changed by its people', () => {
  const change =
    (field: string, identity = member()) =>
    (id: string) =>
      reporting.ask(
        `mutation ($id: ID!) { ${field}(reportId: $id) { ${field === 'deleteReport' ? 'reportId' : 'report { status }'} } }`,
        identity,
        { id },
      );
  const codeOf = ({ errors }: Awaited<ReturnType<ReturnType<typeof change>>>) => errors?.[0]?.extensions?.code;

  it('is cancelled while it is made: its worker stops at the next page, and nothing of it is kept', async () => {
    const identity = member();
    reporting.graph.campaigns = Array.from({ length: 3_000 }, (_, index) => fakeCampaign('Shop', `C${index}`, '1'));
    const id = await ordered({}, identity);
    let pages = 0;
    reporting.graph.beforeAnswer = async () => {
      if (reporting.graph.operations.at(-1)?.name !== 'GetPerformance') return;
      pages += 1;
      if (pages === 2) expect(codeOf(await change('cancelReport', identity)(id))).toBeUndefined();
    };
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'CANCELLED', manifest: null, finished_at: reporting.clock.now });
    expect([pages, await chunks(id)]).toEqual([2, 0]);
    expect(codeOf(await change('cancelReport', identity)(id))).toBe('CONFLICT');
    expect(codeOf(await change('cancelReport')(id))).toBe('NOT_FOUND');
    expect(codeOf(await change('cancelReport', member(identity.organizationId, 'VIEWER'))(id))).toBe('FORBIDDEN');
    reporting.graph.beforeAnswer = () => {};
    expect(codeOf(await change('retryReport', identity)(id))).toBeUndefined();
    expect(reporting.queue.jobs.at(-1)?.data.reportId).toBe(id);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', row_count: 6_000 });
    expect(codeOf(await change('retryReport', identity)(id))).toBe('CONFLICT');
  });

  it('queues the delivery of its schedule at once, however it ended', async () => {
    const identity = member();
    const [ready, failed, cancelled] = [
      await ordered({}, identity),
      await ordered({}, identity),
      await ordered({}, identity),
    ];
    const deliveries = await Promise.all([ready, failed, cancelled].map((id) => delivered(id, identity)));
    await reporting.run(ready);
    reporting.graph.beforeAnswer = failWith('NOT_FOUND');
    await reporting.run(failed);
    await change('cancelReport', identity)(cancelled);
    const queued = reporting.queue.jobs.filter(({ name }) => name === 'reporting.deliver-report');
    expect(queued.map(({ data }) => data.deliveryId)).toEqual(deliveries);
  });

  it('is deleted with all its rows, also while it is made; its audit events stay', async () => {
    const identity = member();
    const [ready, running] = [await ordered({}, identity), await ordered({}, identity)];
    await reporting.run(ready);
    const worker = await workerHeldAt(running);
    for (const id of [ready, running]) {
      expect(codeOf(await change('deleteReport')(id))).toBe('NOT_FOUND');
      expect(codeOf(await change('deleteReport', identity)(id))).toBeUndefined();
    }
    worker.letGo();
    await worker.finished;
    const { rows } = await reporting.database.query(
      `SELECT (SELECT count(*) FROM reporting.report) + (SELECT count(*) FROM reporting.report_chunk) + (SELECT count(*) FROM reporting.report_dataset) AS count`,
    );
    expect(Number(rows[0].count)).toBe(0);
    const audit = await reporting.database.query(
      `SELECT action FROM operations.audit_event WHERE organization_id = $1 ORDER BY action`,
      [identity.organizationId],
    );
    expect(audit.rows.map(({ action }) => action)).toEqual([
      'report.deleted',
      'report.deleted',
      'report.ordered',
      'report.ordered',
    ]);
  });

  it('keeps its rows for 13 months, and its entry after that', async () => {
    const identity = member();
    const [old, failed] = [await ordered({}, identity), await ordered({}, identity)];
    await reporting.run(old);
    await reporting.database.query("UPDATE reporting.report SET status = 'FAILED', finished_at = $2 WHERE id = $1", [
      failed,
      reporting.clock.now,
    ]);
    await reporting.ask('mutation ($id: ID!) { createReportShare(reportId: $id) { url } }', identity, { id: old });
    const begun = reporting.clock.now;
    const stateOf = async (id: string) =>
      (
        await reporting.ask(
          'query ($id: ID!) { report(id: $id) { status rowCount hash sections { key } downloadUrl shares { id } } }',
          identity,
          { id },
        )
      ).data?.report as any;
    const violations = async () => {
      const found: number[] = [];
      for (const { sql } of invariants) found.push((await reporting.database.query(sql)).rows.length);
      return found;
    };
    const before = await violations();
    const after13Months = new Date(begun);
    after13Months.setUTCMonth(begun.getUTCMonth() + 13);
    reporting.clock.now = new Date(after13Months.getTime() - 1_000);
    await reporting.expire();
    expect(await stateOf(old)).toMatchObject({ status: 'READY', shares: [{}] });
    reporting.clock.now = new Date(after13Months.getTime() + 1_000);
    const newer = await ordered({}, identity);
    await reporting.run(newer);
    await Promise.all([reporting.expire(), reporting.expire()]);
    expect(await stateOf(old)).toEqual({
      ...{ status: 'EXPIRED', rowCount: expect.any(Number), hash: null, sections: null, downloadUrl: null },
      shares: [],
    });
    expect((await stateOf(newer)).status).toBe('READY');
    expect((await stateOf(failed)).status).toBe('FAILED');
    await expect(reporting.openFile({ id: old, format: 'csv' }, identity)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(codeOf(await change('retryReport', identity)(old))).toBe('CONFLICT');
    const { rows } = await reporting.database.query(
      `SELECT (SELECT count(*)::int FROM reporting.report_chunk WHERE report_id = $1) AS chunks,
        (SELECT count(*)::int FROM reporting.report_dataset WHERE report_id = $1) AS datasets,
        (SELECT jsonb_agg(after) FROM operations.audit_event WHERE organization_id = $2 AND action = 'report.expired') AS audited`,
      [old, identity.organizationId],
    );
    expect(rows).toEqual([
      { chunks: 0, datasets: 0, audited: [expect.objectContaining({ count: 1, reportIds: [old] })] },
    ]);
    expect(await violations()).toEqual(before);
    expect(codeOf(await change('deleteReport', identity)(old))).toBeUndefined();
    reporting.clock.now = begun;
  });

  it('is ordered once with a key of the caller', async () => {
    const identity = member();
    const order = (variables = {}, by = identity) => reporting.order(by, { idempotencyKey: 'k', ...variables });
    const idOf = (answer: Awaited<ReturnType<typeof order>>) => (answer.data as any)?.generateReport.report.id;
    const [first, second] = await Promise.all([order(), order()]);
    expect(idOf(first)).toBe(idOf(second));
    expect(codeOf(await order({ templateId: 'posts' }))).toBe('IDEMPOTENCY_KEY_REUSED');
    for (const idempotencyKey of ['', 'k'.repeat(256), 'k\0'])
      expect(codeOf(await order({ idempotencyKey }))).toBe('BAD_USER_INPUT');
    expect(idOf(await order({}, member(identity.organizationId)))).not.toBe(idOf(first));
  });
});

describe('reports without a worker', () => {
  const requeued = async () => {
    reporting.queue.jobs.length = 0;
    await reporting.requeue();
    return reporting.queue.jobs.map(({ name, data }) => [name, data.reportId]);
  };

  it('are enqueued again when they never got into the queue', async () => {
    reporting.queue.isDown = true;
    const id = await ordered();
    reporting.queue.isDown = false;
    reporting.advance(30);
    expect(await requeued()).toEqual([]);
    reporting.advance(1);
    expect(await requeued()).toEqual([['reporting.run-report', id]]);
    await reporting.run(id);
    reporting.advance(3_600);
    expect(await requeued()).toEqual([]);
  });

  it('are enqueued again when their worker has vanished, and made by the next one', async () => {
    const id = await ordered();
    const vanished = await workerHeldAt(id);
    reporting.advance(120);
    expect(await requeued()).toEqual([]);
    reporting.advance(1);
    expect(await requeued()).toEqual([['reporting.run-report', id]]);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY' });
    vanished.letGo();
    await vanished.finished;
  });
});
