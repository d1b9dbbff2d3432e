import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { eventually } from '#ops/testing/eventually.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { parseConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openLaggingReads } from './read-replica.js';

const lifecycle = new Lifecycle(createLogger({ level: 'silent', isPretty: false }));
const primary = { query: async () => [{ from: 'primary' }] } as unknown as DataSource;
let url: string;
let raised: string[] = [];

function open(databaseReadUrl?: string) {
  const config = { ...parseConfig({ NODE_ENV: 'test' }), databaseReadUrl };
  const alerts = { raise: ({ key }: { key: string }) => raised.push(key) } as never;
  raised = [];
  return openLaggingReads({ config, lifecycle, alerts }, 'integrations', primary);
}

beforeAll(async () => {
  url = await newDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE day AS SELECT 'replica' AS from");
  await client.end();
});

afterAll(() => lifecycle.close());

describe('reads that may lag', () => {
  it('are of the primary without a replica', async () => {
    expect(open()).toBe(primary);
  });

  it('are of the replica, which nothing is written to', async () => {
    let reads = open(url);
    // On a busy machine the first attempts to connect may take too long.
    await eventually('the replica is reached', async () => {
      reads = open(url);
      return (await reads.query('SELECT * FROM day')).some(({ from }: { from: string }) => from === 'replica');
    });
    expect(await reads.query('SELECT * FROM day WHERE "from" = $1', ['replica'])).toEqual([{ from: 'replica' }]);
    await expect(reads.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect(raised).toEqual([]);
    expect(await reads.query("INSERT INTO day VALUES ('written')")).toEqual([{ from: 'primary' }]);
  });

  it('are of the primary where the replica has not replayed a migration', async () => {
    expect(await open(url).query('SELECT * FROM not_yet_there')).toEqual([{ from: 'primary' }]);
    expect(raised).toEqual(['read-replica']);
  });

  it('are of the primary for a while after the replica could not be reached', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const reads = open(`postgres://reader@127.0.0.1:${port}/db`);
    for (let read = 0; read < 3; read += 1) expect(await reads.query('SELECT 1')).toEqual([{ from: 'primary' }]);
    expect([connections, raised]).toEqual([1, ['read-replica']]);
    server.close();
  });
});
