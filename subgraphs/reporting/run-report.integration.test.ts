import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { UnrecoverableError } from '#runtime/jobs/jobs.js';
import type { Report } from './entities/report.js';
import { templates } from './templates/index.js';
import { fakeAccount, fakeCampaign } from './testing/fake-graph.js';
import { member, openTestReporting, RANGE, type TestReporting } from './testing/open-test-reporting.js';

let reporting: TestReporting;

beforeAll(async () => {
  reporting = await openTestReporting();
});

afterAll(() => reporting.close());

beforeEach(async () => {
  await reporting.database.query('DELETE FROM reporting.report');
  reporting.queue.jobs.length = 0;
  reporting.queue.isDown = false;
  reporting.graph.operations.length = 0;
  reporting.graph.beforeAnswer = () => {};
  reporting.graph.accounts = [fakeAccount('Shop', [[fakeCampaign('Autumn', '1.1')]])];
});

async function orderedReport(variables = {}, identity = member()): Promise<string> {
  const { data } = await reporting.order(identity, variables);
  return (data as { generateReport: { report: { id: string } } }).generateReport.report.id;
}

async function stored(id: string): Promise<Record<string, unknown> & { rows: string[][] }> {
  const report = await reporting.database.query('SELECT * FROM reporting.report WHERE id = $1', [id]);
  const rows = await reporting.database.query(
    'SELECT cells FROM reporting.report_row WHERE report_id = $1 ORDER BY position',
    [id],
  );
  return { ...report.rows[0], rows: rows.rows.map(({ cells }) => cells) as string[][] };
}

const failWith = (code: string) => () => {
  throw new GraphRequestFailed('Google Ads said no.', code);
};

/** Starts a worker that blocks at its first request to the graph until it is released with a result or an error. */
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
  it('reads accounts and campaigns for its organization and stores the rows', async () => {
    const identity = member();
    const clientIds = [identity.userId];
    reporting.graph.accounts = [
      fakeAccount('Shop', [[fakeCampaign('Autumn', '1.1')], [fakeCampaign('Winter', '2.2')]]),
      fakeAccount('Store', [[fakeCampaign('Spring', '3.3', 'USD')]], 'USD'),
    ];
    const id = await orderedReport({ clientIds }, identity);
    await reporting.run(id);
    const report = await stored(id);
    expect(report).toMatchObject({ status: 'READY', progress: 100, row_count: 3, finished_at: reporting.clock.now });
    expect(report.rows).toEqual([
      ['Google Ads', 'Shop', 'Autumn', 'ACTIVE', 'EUR', '1000', '10', '1.1', '0.1', '5.05'],
      ['Google Ads', 'Shop', 'Winter', 'ACTIVE', 'EUR', '1000', '10', '2.2', '0.1', '5.05'],
      ['Google Ads', 'Store', 'Spring', 'ACTIVE', 'USD', '1000', '10', '3.3', '0.1', '5.05'],
    ]);
    expect(new Set(reporting.graph.operations.map(({ organizationId }) => organizationId))).toEqual(
      new Set([identity.organizationId]),
    );
    expect(reporting.graph.operations.map(({ variables }) => variables)).toEqual([
      { clientIds },
      { range: RANGE, id0: 'account-Shop', after0: null, id1: 'account-Store', after1: null },
      { range: RANGE, id0: 'account-Shop', after0: '0' },
    ]);
  });

  it('reads every account without clients, ten per operation, in order', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `Shop ${index}`);
    const pagesOf = (name: string) =>
      name === 'Shop 0' ? [[], [fakeCampaign(name, '1')]] : [[fakeCampaign(name, '1')]];
    reporting.graph.accounts = names.map((name) => fakeAccount(name, pagesOf(name)));
    const id = await orderedReport();
    await reporting.run(id);
    expect((await stored(id)).rows.map((cells) => cells[1])).toEqual(names);
    const [first, ...pages] = reporting.graph.operations.map(({ variables }) => variables);
    expect(first).toEqual({ clientIds: null });
    expect(pages.map((variables) => Object.keys(variables).filter((key) => key.startsWith('id')).length)).toEqual([
      10, 10, 4,
    ]);
  });

  it('stores more rows than fit one INSERT', async () => {
    const campaigns = Array.from({ length: 2_500 }, (_, index) => fakeCampaign(`Campaign ${index}`, '0.01'));
    reporting.graph.accounts = [fakeAccount('Shop', [campaigns])];
    const [performance, summary] = [await orderedReport(), await orderedReport({ templateId: 'account-summary' })];
    await reporting.run(performance);
    await reporting.run(summary);
    const { rows, row_count } = await stored(performance);
    expect([rows.length, row_count, rows.at(-1)?.[2]]).toEqual([2_500, 2_500, 'Campaign 2499']);
    expect((await stored(summary)).rows).toEqual([
      ['Google Ads', 'Shop', 'ACTIVE', 'EUR', '2500', '2500000', '25000', '25.00', '250', '12625.00'],
    ]);
  });

  it('reports its progress, and has no rows before it is READY', async () => {
    reporting.graph.accounts = Array.from({ length: 20 }, (_, index) => fakeAccount(`Shop ${index}`));
    const id = await orderedReport();
    const seen: unknown[] = [];
    reporting.graph.beforeAnswer = async () => {
      const { status, progress, rows } = await stored(id);
      seen.push([status, progress, rows.length]);
    };
    await reporting.run(id);
    expect(seen).toEqual([
      ['RUNNING', 0, 0],
      ['RUNNING', 0, 0],
      ['RUNNING', 45, 0],
    ]);
  });
});

describe('making a report more than once', () => {
  it('does nothing for one that is READY', async () => {
    const id = await orderedReport();
    await reporting.run(id);
    const before = await stored(id);
    reporting.graph.accounts = [];
    await reporting.run(id);
    expect(await stored(id)).toEqual(before);
  });

  it('is done by one of four concurrent workers', async () => {
    const id = await orderedReport();
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
    expect(reporting.graph.operations).toHaveLength(2);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 1, row_count: 1 });
  });

  it('takes over from a vanished worker, and from no other', async () => {
    const id = await orderedReport();
    const silent = await workerHeldAt(id);
    await reporting.run(id);
    reporting.advance(120);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'RUNNING', attempts: 1 });
    reporting.advance(1);
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2 });

    reporting.graph.accounts = [];
    silent.letGo();
    await silent.finished;
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2, row_count: 1, rows: [expect.anything()] });
  });

  it('lets a worker without its claim neither publish nor fail the report', async () => {
    const id = await orderedReport();
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

  it('is atomic, and replaces all rows when it runs again', async () => {
    const campaigns = Array.from({ length: 1_500 }, (_, index) => fakeCampaign(`Campaign ${index}`, '1'));
    reporting.graph.accounts = [fakeAccount('Shop', [campaigns])];
    const id = await orderedReport();
    await reporting.database.query('ALTER TABLE reporting.report_row ADD CONSTRAINT full_disk CHECK (position < 1200)');
    await expect(reporting.run(id)).rejects.toThrow('full_disk');
    expect(await stored(id)).toMatchObject({ status: 'QUEUED', row_count: null, finished_at: null, rows: [] });
    await reporting.database.query('ALTER TABLE reporting.report_row DROP CONSTRAINT full_disk');
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', row_count: 1_500 });

    await reporting.database.query(`UPDATE reporting.report SET status = 'QUEUED' WHERE id = $1`, [id]);
    reporting.graph.accounts = [fakeAccount('Shop', [[fakeCampaign('Other', '1')]])];
    await reporting.run(id);
    expect((await stored(id)).rows.map((cells) => cells[2])).toEqual(['Other']);
  });

  it('stores names with characters that PostgreSQL refuses', async () => {
    reporting.graph.accounts = [fakeAccount('Shop', [[fakeCampaign('Nul \0, half \ud83d, whole \u{1f600}', '1')]])];
    const id = await orderedReport();
    await reporting.run(id);
    expect((await stored(id)).rows[0]?.[2]).toBe('Nul \ufffd, half \ufffd, whole \u{1f600}');
  });
});

describe('a report that cannot be made', () => {
  const FAILURE =
    'query ($id: ID!) { report(id: $id) { status finishedAt failure { code message } rows { edges { cursor } } } }';

  it.each(['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'RECONNECT_REQUIRED'])(
    'is FAILED at once on %s, with what to do',
    async (code) => {
      const identity = member();
      const id = await orderedReport({}, identity);
      reporting.graph.beforeAnswer = failWith(code);
      await reporting.run(id);
      const { data } = await reporting.ask(FAILURE, identity, { id });
      expect(data?.report).toEqual({
        status: 'FAILED',
        finishedAt: reporting.clock.now.toISOString(),
        failure: { code, message: expect.stringMatching(/^Google Ads said no\. .+ again/) },
        rows: null,
      });
      await reporting.run(id);
      expect(await stored(id)).toMatchObject({ status: 'FAILED', attempts: 1 });
    },
  );

  it('is retried five times while the provider is unavailable, then FAILED', async () => {
    const id = await orderedReport();
    reporting.graph.beforeAnswer = failWith('PROVIDER_UNAVAILABLE');
    for (const attempts of [1, 2, 3, 4, 5]) {
      await expect(reporting.run(id)).rejects.toThrow('Google Ads said no.');
      expect(await stored(id)).toMatchObject({ status: 'QUEUED', attempts, failure_code: null });
    }
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'FAILED', attempts: 6, failure_code: 'PROVIDER_UNAVAILABLE' });
  });

  it('is made when the provider recovers in time', async () => {
    const id = await orderedReport();
    reporting.graph.beforeAnswer = failWith('RATE_LIMITED');
    await expect(reporting.run(id)).rejects.toThrow();
    reporting.graph.beforeAnswer = () => {};
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2, failure_code: null, row_count: 1 });
  });

  it('fails when every worker that claimed it has vanished', async () => {
    const id = await orderedReport();
    await reporting.database.query(
      `UPDATE reporting.report SET status = 'RUNNING', attempts = 6, claimed_at = $2 WHERE id = $1`,
      [id, reporting.clock.now],
    );
    reporting.advance(121);
    await expect(reporting.run(id)).rejects.toThrow('Every worker that took report');
    expect(await stored(id)).toMatchObject({ status: 'FAILED', failure_code: 'INTERNAL_SERVER_ERROR' });
    expect(reporting.graph.operations).toHaveLength(0);
  });

  it('fails at once on a programming error, for the operator, whose replay makes it', async () => {
    const identity = member();
    const id = await orderedReport({}, identity);
    reporting.graph.beforeAnswer = () => void (undefined as unknown as Report).status;
    await expect(reporting.run(id)).rejects.toThrow(UnrecoverableError);
    const { data } = await reporting.ask(FAILURE, identity, { id });
    const message = 'The report could not be made. Order the report again later.';
    expect(data?.report).toMatchObject({ status: 'FAILED', failure: { code: 'INTERNAL_SERVER_ERROR', message } });
    reporting.graph.beforeAnswer = () => {};
    await reporting.run(id);
    expect(await stored(id)).toMatchObject({ status: 'READY', attempts: 2, failure_code: null, row_count: 1 });
  });

  it('is an event for webhooks when it is ready, and when it has failed for good', async () => {
    const identity = member();
    const events = await keepWebhookEvents(reporting.services.operations, identity.organizationId);
    const [reportId, failing] = [await orderedReport({}, identity), await orderedReport({}, identity)];
    await reporting.run(reportId);
    reporting.graph.beforeAnswer = failWith('PROVIDER_UNAVAILABLE');
    for (let attempts = 1; attempts < 6; attempts += 1) await expect(reporting.run(failing)).rejects.toThrow();
    const title = expect.stringContaining('2026-10-01 to 2026-10-31');
    const report = { title, templateId: 'campaign-performance', rangeStart: RANGE.start, rangeEnd: RANGE.end };
    const ready = { ...report, reportId, rowCount: 1, unavailableAccountCount: 0 };
    expect(await events()).toEqual([{ type: 'report.ready', data: ready }]);
    await reporting.run(failing);
    const message = 'Google Ads said no. Order the report again later.';
    const failed = { ...report, reportId: failing, code: 'PROVIDER_UNAVAILABLE', message };
    expect((await events())[1]).toEqual({ type: 'report.failed', data: failed });
  });

  it('becomes a dead letter when a part of WebMetrics stays away, but not when a provider does', async () => {
    const id = await orderedReport();
    reporting.graph.beforeAnswer = failWith('SUBGRAPH_UNAVAILABLE');
    for (const attempts of [1, 2, 3, 4, 5]) {
      await expect(reporting.run(id)).rejects.not.toThrow(UnrecoverableError);
      expect(await stored(id)).toMatchObject({ status: 'QUEUED', attempts });
    }
    await expect(reporting.run(id)).rejects.toThrow(UnrecoverableError);
    expect(await stored(id)).toMatchObject({ status: 'FAILED', attempts: 6, failure_code: 'SUBGRAPH_UNAVAILABLE' });
  });
});

describe('an account that cannot be read', () => {
  const UNAVAILABLE = /* GraphQL */ `query ($id: ID!) {
    report(id: $id) {
      status rowCount onUnavailable failure { code message }
      unavailableAccounts { account { id } name provider code message }
      rows { edges { node { cells } } }
    }
  }`;
  const denied = { message: 'Google Ads does not let this account be read', code: 'FORBIDDEN' };
  const closed = { message: 'Connect Google Ads again.', code: 'RECONNECT_REQUIRED' };
  const away = { message: 'Google Ads does not answer.', code: 'PROVIDER_UNAVAILABLE' };
  const failing = (name: string, error: typeof denied) => ({ ...fakeAccount(name), error });
  const named = (name: string, error: typeof denied) => ({
    account: { id: `account-${name}` },
    name,
    provider: 'Google Ads',
    ...error,
  });

  beforeEach(() => {
    const good = fakeAccount('Shop', [[fakeCampaign('Autumn', '1.1')], [fakeCampaign('Winter', '2.2')]]);
    reporting.graph.accounts = [failing('Denied', denied), good, failing('Closed', closed)];
  });

  it('fails the report, which names every such account and what to do', async () => {
    const identity = member();
    const id = await orderedReport({}, identity);
    await reporting.run(id);
    const { data } = await reporting.ask(UNAVAILABLE, identity, { id });
    expect(data?.report).toEqual({
      status: 'FAILED',
      rowCount: null,
      onUnavailable: 'FAIL',
      rows: null,
      unavailableAccounts: [named('Denied', denied), named('Closed', closed)],
      failure: {
        code: 'FORBIDDEN',
        message: expect.stringMatching(
          /^Denied \(Google Ads\): .* read\. Closed \(Google Ads\): Connect .*\. Ask an admin.* LEAVE_OUT/,
        ),
      },
    });
  });

  it.each(templates.map(({ id }) => id))(
    'is left out of %s when the order says so, and printed',
    async (templateId) => {
      const identity = member();
      const id = await orderedReport({ templateId, onUnavailable: 'LEAVE_OUT' }, identity);
      await reporting.run(id);
      const { data } = await reporting.ask(UNAVAILABLE, identity, { id });
      const unavailableAccounts = [named('Denied', denied), named('Closed', closed)];
      expect(data?.report).toMatchObject({ status: 'READY', failure: null, unavailableAccounts });
      const { rows } = await stored(id);
      const missing = rows.filter((cells) => cells.includes('UNAVAILABLE'));
      expect(missing.map((cells) => [cells[1], ...cells.slice(5)])).toEqual([
        ['Denied', '', '', '', '', ''],
        ['Closed', '', '', '', '', ''],
      ]);
      expect(rows.filter((cells) => cells[1] === 'Shop').length).toBe(rows.length - 2);
    },
  );

  it('is waited for while its provider is away, and left out at the last attempt', async () => {
    reporting.graph.accounts = [failing('Slow', away), fakeAccount('Shop', [[fakeCampaign('Autumn', '1.1')]])];
    const id = await orderedReport({ onUnavailable: 'LEAVE_OUT' });
    for (const attempts of [1, 2, 3, 4, 5]) {
      await expect(reporting.run(id)).rejects.toThrow('Google Ads does not answer.');
      expect(await stored(id)).toMatchObject({ status: 'QUEUED', attempts, unavailable_accounts: [] });
    }
    await reporting.run(id);
    expect((await stored(id)).rows.map((cells) => [cells[1], cells[3]])).toEqual([
      ['Slow', 'UNAVAILABLE'],
      ['Shop', 'ACTIVE'],
    ]);
  });

  it.each(['FAIL', 'LEAVE_OUT'])(
    'stays with %s when only some of its campaigns cannot be read, which are named',
    async (onUnavailable) => {
      const pages = [[fakeCampaign('Autumn', '1.1')], [fakeCampaign('Winter', '2.2')]];
      reporting.graph.accounts = [{ ...fakeAccount('Shop', pages), unreadable: [{ row: '123', field: 'spend' }] }];
      const identity = member();
      const rowsOf = async (templateId: string) => {
        const id = await orderedReport({ templateId, onUnavailable }, identity);
        await reporting.run(id);
        const { data } = await reporting.ask(UNAVAILABLE, identity, { id });
        const message = '1 campaign is left out, as a value cannot be read exactly: 123 (spend).';
        expect(data?.report).toMatchObject({
          status: 'READY',
          unavailableAccounts: [{ name: 'Shop', code: 'PROVIDER_UNAVAILABLE', message }],
        });
        return (await stored(id)).rows;
      };
      expect((await rowsOf('campaign-performance')).map((cells) => cells.slice(2, 4))).toEqual([
        ['Autumn', 'ACTIVE'],
        ['Winter', 'ACTIVE'],
        ['123', 'UNAVAILABLE'],
      ]);
      expect((await rowsOf('account-summary')).map((cells) => [cells[2], cells[4]])).toEqual([
        ['ACTIVE', '2'],
        ['UNAVAILABLE', ''],
      ]);
    },
  );

  it('is not blamed for an error that is not its own', async () => {
    reporting.graph.accounts = [failing('Shop', { message: 'Internal error', code: 'INTERNAL_SERVER_ERROR' })];
    const id = await orderedReport({ onUnavailable: 'LEAVE_OUT' });
    await expect(reporting.run(id)).rejects.toThrow('Internal error');
    expect(await stored(id)).toMatchObject({ status: 'QUEUED', unavailable_accounts: [] });
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
    const id = await orderedReport();
    reporting.queue.isDown = false;
    reporting.advance(30);
    expect(await requeued()).toEqual([]);
    reporting.advance(1);
    expect(await requeued()).toEqual([['reporting.run-report', id]]);
    await reporting.run(id);
    expect(await requeued()).toEqual([]);
  });

  it('are enqueued under the key of the first job, which a dead one does not block', async () => {
    const id = await orderedReport();
    reporting.advance(31);
    await reporting.requeue();
    expect(reporting.queue.jobs.map(({ data }) => data)).toEqual([
      { key: id, reportId: id },
      { key: id, reportId: id },
    ]);
  });

  it('are enqueued again when their worker has vanished, and made by the next one', async () => {
    const id = await orderedReport();
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

  it('are skipped once they are finished', async () => {
    const ready = await orderedReport();
    await reporting.run(ready);
    const failed = await orderedReport();
    reporting.graph.beforeAnswer = failWith('NOT_FOUND');
    await reporting.run(failed);
    reporting.advance(3_600);
    expect(await requeued()).toEqual([]);
  });
});
