import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { billing } from '#billing/index.js';
import { newMigratedDatabase } from '#ops/testing/test-services.js';
import { migrate } from '#runtime/database/migrate.js';
import { createLogger, type Logger } from '#runtime/log/logger.js';
import { Client } from './client.js';
import { startLoad } from './constant-load.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

const READER_MS = 130_000;
/** The longest that one attempt of the migration, and with it whoever is behind it, waits for the lock. */
const LOCK_TIMEOUT_MS = 2_000;
const QUERY = '{ me { organization { subscription { status plan { name } } } } }';

class Drill1999999999999 implements MigrationInterface {
  name = 'Drill1999999999999';
  async up(runner: QueryRunner) {
    await runner.query('ALTER TABLE billing.subscription ADD drill text');
  }
  async down() {}
}

let databaseUrl: string;
let pool: pg.Pool;
let gateway: StartedProcess;
let url: string;
beforeAll(async () => {
  databaseUrl = await newMigratedDatabase();
  pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const more = { PORT: String(port), DEMO_DATA: 'false', RATE_LIMIT_SIGNED_IN: '0', COST_LIMIT: '0' };
  const environment = { ...sharedSettings(databaseUrl), ...more };
  gateway = await startProcess('gateway/main.js', [], { environment, readyWhen: /Press Ctrl-C/ });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await pool.end();
});

it('a migration waits for a reader of 130 seconds, and others at most for one attempt of it', async () => {
  const { data } = await new Client(url).ask(/* GraphQL */ `mutation {
    signUp(name: "Nora", email: "nora@example.com", password: "correct horse battery", companyName: "Company") { accessToken }
  }`);
  const load = startLoad({ url, accessToken: data.signUp.accessToken, query: QUERY, clients: 2 });
  await load.more(10);

  const reader = await pool.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT * FROM billing.subscription');
  const beganAt = performance.now();
  let waits = 0;
  const silent = createLogger({ level: 'silent', isPretty: false });
  const logger: Logger = { ...silent, warn: () => void waits++ };
  const migrations = [...billing.migrations, Drill1999999999999];
  let executed: string[] | undefined;
  const migrated = migrate({ databaseUrl, schema: 'billing', migrations, logger }).then((names) => {
    executed = names;
    return performance.now() - beganAt;
  });

  const others: number[] = [];
  while (performance.now() - beganAt < READER_MS) {
    const since = performance.now();
    await pool.query('SELECT count(*) FROM billing.subscription');
    await pool.query('UPDATE billing.subscription SET status = status');
    others.push(performance.now() - since);
    await wait(200);
  }
  expect(executed).toBeUndefined();
  expect(waits).toBeGreaterThan(5);
  await reader.query('COMMIT');
  reader.release();
  const migratedMs = await migrated;
  expect(executed).toEqual(['Drill1999999999999']);

  await load.more(10);
  await load.stop();
  expect(load.failures).toEqual([]);
  const sorted = others.toSorted((one, other) => one - other);
  const [median = 0, longest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  process.stdout.write(
    `| a reader of ${READER_MS / 1_000} s on billing.subscription | the migration was done after ${Math.round(migratedMs / 1_000)} s, ` +
      `in its attempt ${waits + 1} | ${load.answered()} requests, 0 failed | ${others.length} pairs of statements: median ` +
      `${Math.round(median)} ms, longest ${Math.round(longest)} ms (an attempt waits ${LOCK_TIMEOUT_MS} ms) |\n`,
  );
}, 400_000);
