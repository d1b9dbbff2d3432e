import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import type { Identity } from '#runtime/identity/identity.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { CopyTask } from './testing/copy-until-killed.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const NOON = new Date('2026-11-20T12:00:00Z');
const EXTERNAL_ID = '1029384756';
const ORDER = 'mutation ($id: ID!) { backfillHistory(accountId: $id, from: "2026-05-01") { account { id } } }';

describe('a worker killed while it copies', () => {
  let stage: HistoryStage;
  let nora: Identity;
  let id: string;
  let worker: ChildProcess | undefined;

  beforeEach(async () => {
    stage = await openHistoryStage(NOON);
    nora = someone();
    await stage.connect(nora, 'google-ads');
    const account = (await stage.activeAccounts(nora)).find(({ externalId }) => externalId === EXTERNAL_ID);
    id = account.id;
    await stage.ask(nora, ORDER, { id });
  });
  afterEach(async () => {
    worker?.kill('SIGKILL');
    worker = undefined;
    await stage.close();
  });

  async function startWorker(): Promise<ChildProcess> {
    const { config, databaseUrl } = stage.services;
    const child = fork(join(projectRoot, 'dist/subgraphs/integrations/testing/copy-until-killed.js'), {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    worker = child;
    const task: CopyTask = {
      environment: { ...config.variables, DATABASE_URL: databaseUrl },
      simulatorUrl: stage.simulated.url,
      now: NOON.toISOString(),
      job: { accountId: id, organizationId: String(nora.organizationId) },
    };
    child.send(task);
    expect(await once(child, 'message')).toEqual(['begins', undefined]);
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
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
    expect(await once(child, 'message')).toEqual(['a part is in', undefined]);
    await kill(child);
    expect(await count('history_day')).toBeGreaterThan(0);
    await expectAllToCome();
  }, 180_000);

  it('while it writes stores nothing of that part: neither days without figures nor figures without days', async () => {
    const holder = stage.database.createQueryRunner();
    await holder.connect();
    await holder.startTransaction();
    await holder.query('LOCK TABLE integrations.daily_metrics IN EXCLUSIVE MODE');
    const child = await startWorker();
    await eventually('it waits in the middle of writing', async () => {
      const waiting = await stage.sql(
        "SELECT FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname = 'daily_metrics' AND NOT granted",
      );
      return waiting.length > 0;
    });
    await kill(child);
    await holder.rollbackTransaction();
    await holder.release();
    await eventually('PostgreSQL has noticed', async () => {
      const left = await stage.sql(
        `SELECT FROM pg_locks JOIN pg_class ON pg_class.oid = relation
         WHERE relname = 'daily_metrics' AND mode = 'RowExclusiveLock'`,
      );
      return left.length === 0;
    });
    // While it waits for the lock it does not notice that its client is gone: it may write, but commits nothing.
    expect(await count('history_day')).toBe(0);
    expect(await count('daily_metrics')).toBe(0);
    await expectAllToCome();
  }, 180_000);
});
