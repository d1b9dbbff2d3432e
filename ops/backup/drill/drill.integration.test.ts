import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { backUp } from '#ops/backup/back-up.js';
import type { Invariant } from '#ops/backup/invariant.js';
import { backupJobs } from '#ops/backup/jobs/backup-jobs.js';
import { lastBackup } from '#ops/backup/jobs/backup-record.js';
import { eventually } from '#ops/testing/eventually.js';
import { flipBit, rewrite, rewriteConsistently } from '#ops/testing/small-backup.js';
import { newDatabase, openTestServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import type { Services } from '#runtime/services.js';
import { lastDrill } from './drill-record.js';

const run = { reportProgress: async () => {} };
const invariants: Invariant[] = [
  {
    name: 'every parcel is in a shop',
    sql: 'SELECT FROM trade.parcel WHERE shop_id NOT IN (SELECT id FROM trade.shop)',
  },
];

let services: Services;
let alerts: Alert[];
let time: Date;

/** Runs one of the jobs as the queue would. */
async function runJob(name: string, on: Services = services, having = invariants): Promise<void> {
  const job = backupJobs(on, async () => having).find((candidate) => candidate.name === name);
  await job?.run({}, run as never);
}
const backUpNow = () => runJob('database.backup');
const drillNow = () => runJob('database.restore-drill');
const folder = () => join(services.config.dataDir, 'backups');
const newestFile = () =>
  join(
    folder(),
    readdirSync(folder())
      .filter((name) => name.endsWith('.gz'))
      .sort()
      .at(-1) as string,
  );

async function scratchDatabases(): Promise<unknown[]> {
  const name = new URL(services.databaseUrl).pathname.slice(1);
  return services.operations.query('SELECT datname FROM pg_database WHERE datname = $1', [`${name}_restore_drill`]);
}

beforeEach(async () => {
  alerts = [];
  time = new Date();
  const opened = await openTestServices({ now: () => time });
  services = { ...opened, alerts: { raise: (alert) => void alerts.push(alert), close: async () => {} } };
  await services.operations.query(`CREATE SCHEMA trade;
    CREATE TABLE trade.shop (id int PRIMARY KEY, name text);
    CREATE TABLE trade.parcel (id int PRIMARY KEY, shop_id int NOT NULL);
    INSERT INTO trade.shop VALUES (1, 'one'), (2, 'two');
    INSERT INTO trade.parcel VALUES (1, 1), (2, 2), (3, 2)`);
});
afterEach(async () => {
  expect(await scratchDatabases()).toEqual([]);
  await services.lifecycle.close();
});

describe('a restore drill', () => {
  it('restores the newest backup, and publishes how long it took and how much would be lost', async () => {
    await backUpNow();
    time = new Date(time.getTime() + 90 * 60_000);
    await drillNow();
    expect(alerts).toEqual([]);
    const drill = await lastDrill(services);
    const backup = await lastBackup(services);
    expect(drill).toMatchObject({ file: backup?.file, rows: backup?.rows, invariants: 3, error: undefined });
    expect(drill?.recoverySeconds).toBeGreaterThan(0);
    expect(Math.round((drill?.recoveryPointSeconds ?? 0) / 60)).toBe(90);
    expect(backup?.locations).toEqual([newestFile()]);
  });

  it('raises an alert for one flipped bit, wherever it is', async () => {
    await backUpNow();
    const length = readFileSync(newestFile()).length;
    for (const at of [9, 40, Math.floor(length / 2), length - 3]) {
      flipBit(newestFile(), at);
      await drillNow();
      flipBit(newestFile(), at);
      expect(alerts.pop()).toMatchObject({
        category: 'database',
        key: 'restore-drill-failed',
        message: expect.stringMatching(/The newest backup could not be restored: The backup cannot be used: /),
      });
    }
    expect((await lastDrill(services))?.error).toMatch(/cannot be used/);
    await drillNow();
    expect(alerts).toEqual([]);
    expect((await lastDrill(services))?.error).toBeUndefined();
  });

  it('raises an alert for a table that was dropped from the backup', async () => {
    await backUpNow();
    rewrite(newestFile(), (lines) => {
      const begin = lines.findIndex((line) => line.startsWith('["table"') && line.includes('"parcel"'));
      const end = lines.findIndex((line, number) => number > begin && line.startsWith('["end"'));
      return [...lines.slice(0, begin), ...lines.slice(end + 1)];
    });
    await forgetChecksum();
    await drillNow();
    expect(alerts).toMatchObject([{ message: expect.stringMatching(/it has \d+ tables where \d+ were written/) }]);
  });

  it('raises an alert for a wrong count', async () => {
    await backUpNow();
    await forgetChecksum();
    rewrite(newestFile(), (lines) => lines.filter((line) => line !== '{"id":2,"shop_id":2}\n'));
    await drillNow();
    expect(alerts.pop()?.message).toMatch(/trade\.parcel has 2 rows where 3 were written/);
  });

  it('raises an alert when what was restored is not what the backup holds', async () => {
    await backUpNow();
    await forgetChecksum();
    const meddle = (sql: string) =>
      rewriteConsistently(newestFile(), (lines) => [
        ...lines.slice(0, -1),
        `["define","${sql}"]\n`,
        ...lines.slice(-1),
      ]);
    meddle('DELETE FROM trade.shop WHERE id = 2');
    await drillNow();
    expect(alerts.pop()?.message).toMatch(/trade\.shop has 1 rows where the backup has 2/);
    meddle('DROP TABLE trade.shop');
    await drillNow();
    expect(alerts.pop()?.message).toMatch(/trade\.shop is missing/);
  });

  it('raises an alert when the file is another than the one that was written', async () => {
    await backUpNow();
    rewriteConsistently(newestFile(), (lines) => lines.filter((line) => line !== '{"id":3,"shop_id":2}\n'));
    await drillNow();
    expect(alerts).toMatchObject([{ message: expect.stringMatching(/is not the file that was written/) }]);
  });

  it('raises an alert for what is true no more', async () => {
    await services.operations.query('DELETE FROM trade.shop WHERE id = 2');
    await backUpNow();
    await drillNow();
    expect(alerts).toMatchObject([
      { message: expect.stringMatching(/not true that every parcel is in a shop \(2 rows\)/) },
    ]);
    expect(await lastDrill(services)).toMatchObject({ invariants: 2, error: expect.stringContaining('parcel') });
  });

  it('raises an alert for a lost table, and again when it is queried', async () => {
    await backUpNow();
    await services.operations.query('DROP TABLE trade.shop');
    time = new Date(time.getTime() + 1);
    await backUpNow();
    expect(alerts).toMatchObject([{ key: 'backup-tables-gone', details: { goneTables: ['trade.shop'] } }]);
    alerts = [];
    await drillNow();
    expect(alerts).toMatchObject([{ message: expect.stringMatching(/cannot tell whether every parcel is in a shop/) }]);
  });

  it('raises an alert when there is nothing to restore', async () => {
    await drillNow();
    expect(alerts).toMatchObject([{ message: expect.stringMatching(/There is no backup to restore/) }]);
  });

  it('raises an alert with the missing privilege when it cannot create a database', async () => {
    await backUpNow();
    const role = `role_${Date.now()}`;
    const name = new URL(services.databaseUrl).pathname.slice(1);
    await services.operations.query(`CREATE ROLE ${role} LOGIN PASSWORD 'drill' NOCREATEDB; GRANT USAGE ON SCHEMA operations TO ${role};
      GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA operations TO ${role}; GRANT CONNECT ON DATABASE ${name} TO ${role}`);
    const url = new URL(services.databaseUrl);
    url.username = role;
    url.password = 'drill';
    await runJob('database.restore-drill', { ...services, databaseUrl: url.href });
    expect(alerts).toMatchObject([{ message: expect.stringContaining(`ALTER ROLE "${role}" CREATEDB`) }]);
    await services.operations.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it('drops the database of an interrupted drill, but not one it did not create', async () => {
    await backUpNow();
    const name = `${new URL(services.databaseUrl).pathname.slice(1)}_restore_drill`;
    await services.operations.query(`CREATE DATABASE ${name}`);
    await drillNow();
    expect(alerts.pop()?.message).toMatch(/does not touch the database/);
    await services.operations.query(
      `COMMENT ON DATABASE ${name} IS 'Made by a restore drill of WebMetrics, and dropped by it.'`,
    );
    await drillNow();
    expect(alerts).toEqual([]);
  });
});

/** As if the backup was made before backups were recorded: only then does what is inside decide. */
async function forgetChecksum(): Promise<void> {
  await services.operations.query('UPDATE operations.backup SET sha256 = NULL');
}

describe('the backup job', () => {
  it('records every attempt', async () => {
    await backUpNow();
    await services.operations.query('CREATE DOMAIN trade.odd AS int');
    await expect(backUpNow()).rejects.toThrow('cannot hold');
    expect(alerts).toMatchObject([
      { category: 'database', key: 'backup-failed', message: expect.stringMatching(/trade\.odd/) },
    ]);
    const rows = await services.operations.query(
      'SELECT file, error FROM operations.backup ORDER BY started_at, error NULLS FIRST',
    );
    expect(rows).toEqual([
      { file: expect.stringMatching(/^webmetrics-/), error: null },
      { file: null, error: expect.stringMatching(/trade\.odd/) },
    ]);
  });

  it('records a killed one as interrupted', async () => {
    await services.operations.query('INSERT INTO operations.backup (started_at) VALUES (now())');
    await backUpNow();
    const errors = await services.operations.query('SELECT error FROM operations.backup WHERE error IS NOT NULL');
    expect(errors).toEqual([{ error: 'Its process ended before it did.' }]);
    expect((await lastBackup(services))?.rows).toBeGreaterThan(0);
  });

  it('lets another process finish instead', async () => {
    const [first] = await Promise.allSettled([
      backUp({ databaseUrl: services.databaseUrl, config: services.config }),
      backUpNow(),
    ]);
    expect(alerts).toEqual([]);
    expect(first).toBeDefined();
  });

  it('raises an alert when it cannot write', async () => {
    writeFileSync(join(services.config.dataDir, 'a-file'), '');
    const backup = { ...services.config.backup, folder: join(services.config.dataDir, 'a-file') };
    await expect(runJob('database.backup', { ...services, config: { ...services.config, backup } })).rejects.toThrow();
    expect(alerts).toMatchObject([{ key: 'backup-failed', message: expect.stringContaining('cannot be written') }]);
  });

  it('runs in the queue', async () => {
    // The other one has nothing to say before there is a backup but that there is none.
    const jobs = backupJobs(services, async () => invariants).filter(({ name }) => name === 'database.backup');
    await services.jobs.work(jobs);
    await eventually('it is backed up', async () => Boolean(await lastBackup(services)));
    expect(alerts).toEqual([]);
    await services.jobs.drain(10_000);
  });
});

describe('looking after backups', () => {
  const check = () => runJob('database.check-backups');
  const hoursLater = (hours: number) => {
    time = new Date(time.getTime() + hours * 3_600_000);
  };

  it('raises an alert when the newest is older than two intervals', async () => {
    await backUpNow();
    hoursLater(11.9);
    await check();
    expect(alerts).toEqual([]);
    hoursLater(0.2);
    await check();
    expect(alerts).toMatchObject([
      { category: 'database', key: 'backup-stale', message: expect.stringMatching(/The newest backup is of 20/) },
    ]);
    await backUpNow();
    alerts = [];
    await check();
    expect(alerts).toEqual([]);
  });

  it('counts no backup of a clock that was ahead', async () => {
    hoursLater(24 * 365);
    await backUpNow();
    hoursLater(-24 * 365);
    await backUpNow();
    await check();
    expect(alerts).toEqual([]);
    hoursLater(13);
    await check();
    expect(alerts).toMatchObject([{ key: 'backup-stale' }]);
  });

  it('counts no backup that failed or is not finished', async () => {
    await backUpNow();
    hoursLater(13);
    await services.operations.query(
      "INSERT INTO operations.backup (started_at, finished_at, error) VALUES ($1, $1, 'failed')",
      [time],
    );
    await services.operations.query('INSERT INTO operations.backup (started_at) VALUES ($1)', [time]);
    await check();
    expect(alerts).toHaveLength(1);
  });

  it('raises an alert when there is none at all, but lets the first one finish', async () => {
    await check();
    expect(alerts.pop()?.message).toMatch(/There is no backup at all/);
    await services.operations.query('INSERT INTO operations.backup (started_at) VALUES ($1)', [time]);
    await check();
    expect(alerts).toEqual([]);
    hoursLater(13);
    await check();
    expect(alerts).toHaveLength(1);
  });
});

describe('a database without records of backups', () => {
  it('can be backed up all the same, as before an update', async () => {
    const bare = await newDatabase();
    const client = new pg.Client({ connectionString: bare });
    await client.connect();
    await client.query('CREATE TABLE thing AS SELECT 1 AS id');
    await client.end();
    const made = await backUp({ databaseUrl: bare, config: services.config });
    expect(made.rows).toBe(1);
  });
});
