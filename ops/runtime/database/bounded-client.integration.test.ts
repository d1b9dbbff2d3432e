import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { boundedClient } from './bounded-client.js';
import { isDatabaseAway } from './database-away.js';

const LIMIT_MS = 1_000;

describe('a bounded client of a frozen server', () => {
  let wire: TcpProxy;
  let pool: pg.Pool;

  beforeEach(async () => {
    const url = new URL(await newDatabase());
    wire = await startTcpProxy(Number(url.port));
    url.port = String(wire.port);
    pool = new pg.Pool({ connectionString: url.href, Client: boundedClient(LIMIT_MS), max: 1 } as pg.PoolConfig);
    pool.on('error', () => {});
    await pool.query('CREATE TABLE thing (name text)');
  });
  afterEach(async () => {
    wire.mend();
    await pool.end();
    await wire.close();
  });

  it('fails in time, and leaves no transaction to the next user of the pool', async () => {
    const client = await pool.connect();
    client.on('error', () => {});
    await client.query('BEGIN');
    await client.query("INSERT INTO thing VALUES ('half')");
    wire.hang();
    const error = await client.query("INSERT INTO thing VALUES ('other half')").catch((reason) => reason);
    expect(isDatabaseAway(error)).toBe(true);
    client.release(error);
    wire.mend();
    await pool.query("INSERT INTO thing VALUES ('whole')");
    expect((await pool.query('SELECT name FROM thing')).rows).toEqual([{ name: 'whole' }]);
  });

  it('does not count the time between two statements', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await new Promise((resolve) => setTimeout(resolve, LIMIT_MS * 1.5));
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    client.release();
  });
});
