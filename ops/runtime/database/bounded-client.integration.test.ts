import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { boundedClient } from './bounded-client.js';
import { isDatabaseAway } from './database-away.js';
import { prepared } from './prepared-statements.js';

const LIMIT_MS = 1_000;

/** Lets the limit of statements pass until one has failed. */
async function failureOf(statement: Promise<unknown>): Promise<unknown> {
  let failure: unknown;
  statement.catch((error) => {
    failure = error;
  });
  while (!failure) {
    await jest.advanceTimersByTimeAsync(LIMIT_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return failure;
}

describe('a bounded client of a frozen server', () => {
  let wire: TcpProxy;
  let pool: pg.Pool;

  beforeEach(async () => {
    const url = new URL(await newDatabase());
    jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'] });
    wire = await startTcpProxy(Number(url.port));
    url.port = String(wire.port);
    const settings = { connectionString: url.href, Client: boundedClient(LIMIT_MS), max: 1, idleTimeoutMillis: 0 };
    pool = new pg.Pool(settings as pg.PoolConfig);
    pool.on('error', () => {});
    await pool.query('CREATE TABLE thing (name text)');
  });
  afterEach(async () => {
    wire.mend();
    await pool.end();
    await wire.close();
    jest.useRealTimers();
  });

  it('fails in time, and leaves no transaction to the next user of the pool', async () => {
    const client = await pool.connect();
    client.on('error', () => {});
    await client.query('BEGIN');
    await client.query("INSERT INTO thing VALUES ('half')");
    wire.hang();
    const error = await failureOf(client.query("INSERT INTO thing VALUES ('other half')"));
    expect(isDatabaseAway(error)).toBe(true);
    client.release(error as Error);
    wire.mend();
    await pool.query("INSERT INTO thing VALUES ('whole')");
    expect((await pool.query('SELECT name FROM thing')).rows).toEqual([{ name: 'whole' }]);
  });

  it('fails in time through its pool, too', async () => {
    wire.hang();
    const error = await failureOf(pool.query('SELECT 1'));
    expect(isDatabaseAway(error)).toBe(true);
    wire.mend();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('does not count the time between two statements', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await jest.advanceTimersByTimeAsync(LIMIT_MS * 1.5);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    client.release();
  });
});

describe('a prepared statement', () => {
  const READ = prepared('SELECT * FROM counted WHERE id = $1');
  const NAMES = 'SELECT statement FROM pg_prepared_statements';
  let pool: pg.Pool;

  beforeEach(async () => {
    pool = new pg.Pool({
      connectionString: await newDatabase(),
      Client: boundedClient(10_000),
      max: 1,
    } as pg.PoolConfig);
    await pool.query('CREATE TABLE counted (id int, count int)');
    await pool.query('INSERT INTO counted VALUES (1, 2)');
  });
  afterEach(() => pool.end());

  it('is parsed once by a connection', async () => {
    for (let count = 0; count < 3; count += 1) await pool.query(READ, [1]);
    expect((await pool.query(NAMES)).rows).toEqual([{ statement: READ }]);
  });

  it('is sent as any other once a migration has changed the type of its result', async () => {
    await pool.query(READ, [1]);
    await pool.query('ALTER TABLE counted ALTER COLUMN count TYPE text');
    expect((await pool.query(READ, [1])).rows).toEqual([{ id: 1, count: '2' }]);
    expect((await pool.query(READ, [1])).rows).toEqual([{ id: 1, count: '2' }]);
  });

  it('is sent as any other when a pooler has changed the server process', async () => {
    await pool.query(READ, [1]);
    await pool.query('DEALLOCATE ALL');
    expect((await pool.query(READ, [1])).rows).toEqual([{ id: 1, count: 2 }]);
  });

  it('fails with its own error within a transaction', async () => {
    await pool.query(READ, [1]);
    await pool.query('ALTER TABLE counted ALTER COLUMN count TYPE text');
    const client = await pool.connect();
    await client.query('BEGIN');
    await expect(client.query(READ, [1])).rejects.toMatchObject({ code: '0A000' });
    await client.query('ROLLBACK');
    expect((await client.query(READ, [1])).rows).toEqual([{ id: 1, count: '2' }]);
    client.release();
  });
});
