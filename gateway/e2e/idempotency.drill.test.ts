import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { dropDatabase, newMigratedDatabase } from '#ops/testing/test-services.js';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const ORDER = /* GraphQL */ `
  mutation {
    generateReport(templateId: "campaign-performance", range: { start: "2026-09-01", end: "2026-09-07" }) {
      report { id }
    }
  }
`;

/** Stops the process at the storing of an answer, after the effect was committed. */
const HOLD = `
  CREATE FUNCTION operations.hold() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.answer IS NOT NULL THEN PERFORM pg_sleep(600); END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER hold BEFORE UPDATE ON operations.idempotency_key FOR EACH ROW EXECUTE FUNCTION operations.hold()`;

interface Gateway {
  url: string;
  process: StartedProcess;
}

describe('a mutation with an idempotency key, over processes that are killed', () => {
  let databaseUrl: string;
  let database: pg.Client;
  let environment: Record<string, string>;
  let gateways: [Gateway, Gateway];
  let client: Client;

  async function start(): Promise<Gateway> {
    const port = await freePort();
    const process = await startProcess('gateway/main.js', [], {
      environment: { ...environment, PORT: String(port) },
      readyWhen: /Press Ctrl-C to stop/,
    });
    return { url: `http://localhost:${port}`, process };
  }

  beforeAll(async () => {
    databaseUrl = await newMigratedDatabase();
    database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    environment = {
      DATABASE_URL: databaseUrl,
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      DEMO_DATA: 'false',
      RATE_LIMIT_ANONYMOUS: '0',
      RATE_LIMIT_SIGNED_IN: '0',
      LOG_LEVEL: 'silent',
    };
    gateways = await Promise.all([start(), start()]);
    ({ client } = await new Client(gateways[0].url).signUp('Ada'));
  }, 300_000);
  afterAll(async () => {
    for (const { process } of gateways ?? []) await process.stop('SIGKILL');
    await database?.end();
    await dropDatabase(databaseUrl);
  });

  async function order({ url }: Gateway, key: string) {
    const { data, errors, code } = await client.at(url).with({ 'idempotency-key': key }).ask(ORDER);
    const retryAfter = errors?.[0]?.extensions.retryAfter;
    return { id: data?.generateReport.report.id as string | undefined, code, retryAfter };
  }
  const count = async () => (await database.query('SELECT count(*)::int AS count FROM reporting.report')).rows[0].count;
  const isKept = (key: string, condition: string) => async () => {
    const { rowCount } = await database.query(
      `SELECT FROM operations.idempotency_key WHERE key = $1 AND ${condition}`,
      [key],
    );
    return rowCount === 1;
  };
  /** PostgreSQL ends the work of a killed client when it next writes to it. */
  const endWorkOf = (pattern: string) =>
    database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ $1 AND pid <> pg_backend_pid()',
      [pattern],
    );
  const endLease = (key: string) =>
    database.query("UPDATE operations.idempotency_key SET leased_until = now() - interval '1 second' WHERE key = $1", [
      key,
    ]);

  it('has its effect once when both get it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => order(gateways[index % 2] as Gateway, 'one')),
    );
    const ids = new Set(answers.flatMap(({ id }) => id ?? []));
    expect(ids.size).toBe(1);
    for (const { id, code } of answers) expect(id ? undefined : code).toBe(id ? undefined : 'CONFLICT');
    expect(new Set([(await order(gateways[0], 'one')).id, (await order(gateways[1], 'one')).id])).toEqual(ids);
    expect(await count()).toBe(1);
  });

  it('is not run again when its process is killed between its effect and its answer', async () => {
    const [killed, other] = gateways;
    await database.query(HOLD);
    const lost = order(killed, 'two').catch(() => 'lost');
    await eventually('the effect is committed', isKept('two', 'effect_at IS NOT NULL'));
    await killed.process.stop('SIGKILL');
    expect(await lost).toBe('lost');
    await endWorkOf('^UPDATE operations.idempotency_key SET answer');
    await database.query('DROP TRIGGER hold ON operations.idempotency_key');
    expect(await order(other, 'two')).toMatchObject({ code: 'CONFLICT', retryAfter: expect.any(Number) });
    await endLease('two');
    expect(await order(other, 'two')).toEqual({ id: undefined, code: 'CONFLICT', retryAfter: undefined });
    expect(await count()).toBe(2);
    gateways = [await start(), other];
  });

  it('is run again when its process is killed before its effect', async () => {
    const [other, killed] = gateways;
    await database.query('BEGIN');
    await database.query('LOCK TABLE reporting.report IN SHARE MODE');
    const lost = order(killed, 'three').catch(() => 'lost');
    const waiting =
      'SELECT FROM pg_stat_activity WHERE wait_event_type = \'Lock\' AND query ~ \'INSERT INTO "reporting"."report"\'';
    await eventually('the effect waits', async () => {
      // A transaction sees the activity as it was at its first look.
      await database.query('SELECT pg_stat_clear_snapshot()');
      return ((await database.query(waiting)).rowCount ?? 0) > 0;
    });
    await killed.process.stop('SIGKILL');
    expect(await lost).toBe('lost');
    await endWorkOf('INSERT INTO "reporting"."report"');
    await database.query('COMMIT');
    await endLease('three');
    expect(await order(other, 'three')).toMatchObject({ id: expect.any(String) });
    expect(await count()).toBe(3);
  });
});
