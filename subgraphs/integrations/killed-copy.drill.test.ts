import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { type JobProcess, killWhileWriting, startJob } from './testing/job-process.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const NOON = new Date('2026-11-20T12:00:00Z');
const EXTERNAL_ID = '1029384756';
const ORDER = 'mutation ($id: ID!) { backfillHistory(accountId: $id, from: "2026-05-01") { account { id } } }';

describe('a worker killed while it copies', () => {
  let stage: HistoryStage;
  let nora: Identity;
  let id: string;
  let worker: JobProcess | undefined;

  beforeEach(async () => {
    stage = await openHistoryStage(NOON);
    nora = someone();
    await stage.connect(nora, 'google-ads');
    const account = (await stage.activeAccounts(nora)).find(({ externalId }) => externalId === EXTERNAL_ID);
    id = account.id;
    await stage.ask(nora, ORDER, { id });
  });
  afterEach(async () => {
    await worker?.kill();
    worker = undefined;
    await stage.close();
  });

  async function startWorker(): Promise<JobProcess> {
    const data = { accountId: id, organizationId: String(nora.organizationId) };
    worker = await startJob(stage, { name: 'integrations.copy-history', data });
    return worker;
  }

  const count = async (table: 'history_day' | 'daily_metrics') =>
    (await stage.sql(`SELECT count(*)::int AS count FROM integrations.${table}`))[0].count;

  /** Goes on as the next worker would, and compares what is in with what is true. */
  async function expectAllToCome(): Promise<void> {
    await stage.copy({ id }, nora);
    expect(await count('history_day')).toBeLessThan(203);
    stage.clock.advanceSeconds(10 * 60);
    await stage.copy({ id }, nora);
    expect(await count('history_day')).toBe(203);
    const range = { start: '2026-05-01', end: '2026-11-19', daily: true };
    const truth = (await stage.simulated.truth('google-ads', range)).find((account) => account.id === EXTERNAL_ID);
    const expected = truth?.campaigns.flatMap(({ id: campaign, daily = [] }) =>
      daily.map(
        ({ date, impressions, clicks, costMicros }) => `${date} ${campaign} ${impressions} ${clicks} ${costMicros}`,
      ),
    );
    const rows = await stage.sql(
      'SELECT day::text AS day, campaign_id, impressions, clicks, cost_micros FROM integrations.daily_metrics',
    );
    const found = rows.map(
      ({ day, campaign_id, impressions, clicks, cost_micros }) =>
        `${day} ${campaign_id} ${impressions} ${clicks} ${cost_micros}`,
    );
    expect(found.sort()).toEqual(expected?.sort());
  }

  it('between two parts keeps the first, and the next worker copies the rest exactly once', async () => {
    const child = await startWorker();
    expect(await child.next()).toBe('a part is in');
    await child.kill();
    expect(await count('history_day')).toBeGreaterThan(0);
    await expectAllToCome();
  }, 180_000);

  it('while it writes stores nothing of that part: neither days without figures nor figures without days', async () => {
    await killWhileWriting(stage, 'integrations.daily_metrics', startWorker);
    expect(await count('history_day')).toBe(0);
    expect(await count('daily_metrics')).toBe(0);
    await expectAllToCome();
  }, 180_000);
});
