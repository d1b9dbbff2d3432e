import { beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { newDatabase } from '#ops/testing/test-services.js';
import { createLogger } from '#runtime/log/logger.js';
import { executedMigrations, type Migrations, migrate } from './migrate.js';

function migrationOf(name: string, sql: string): Migrations[number] {
  return class implements MigrationInterface {
    name = name;
    async up(queryRunner: QueryRunner) {
      await queryRunner.query(sql);
    }
    async down() {}
  };
}

const Tables = migrationOf('Tables1700000000001', 'CREATE TABLE things.plan (id int)');
const Name = migrationOf('Name1700000000002', 'ALTER TABLE things.plan ADD name text');
const Broken = migrationOf('Broken1700000000003', 'ALTER TABLE things.nothing ADD name text');

let databaseUrl: string;
let lines: { message: string; values: Record<string, unknown> }[];
let onWaiting: () => void;
const logger = createLogger({ level: 'silent', isPretty: false });
logger.info = ((values: Record<string, unknown>, message: string) => void lines.push({ message, values })) as never;
logger.warn = ((values: Record<string, unknown>, message: string) => {
  lines.push({ message, values });
  onWaiting();
}) as never;

const run = (migrations: Migrations) => migrate({ databaseUrl, schema: 'things', migrations, logger });

async function withClient<Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const executed = () => withClient((client) => executedMigrations(client, 'things'));

describe('migrate', () => {
  beforeEach(async () => {
    databaseUrl = await newDatabase();
    lines = [];
    onWaiting = () => {};
  });

  it('creates a schema, then executes what is new, once, with a line for each', async () => {
    expect(await run([Tables])).toEqual(['Tables1700000000001']);
    expect(await run([Tables])).toEqual([]);
    const both = await Promise.all([run([Tables, Name]), run([Tables, Name])]);
    expect(both.sort((one, other) => one.length - other.length)).toEqual([[], ['Name1700000000002']]);
    expect(lines).toEqual([
      { message: 'Schema created', values: { schema: 'things', migrations: 1, ms: expect.any(Number) } },
      {
        message: 'Migration executed',
        values: { schema: 'things', migration: 'Name1700000000002', ms: expect.any(Number) },
      },
    ]);
  });

  it('has nothing to do for a process of a version before, which starts on the newer schema', async () => {
    await run([Tables, Name]);
    expect(await run([Tables])).toEqual([]);
    expect(await executed()).toEqual(['Tables1700000000001', 'Name1700000000002']);
  });

  it('keeps what is done when a later one fails', async () => {
    await expect(run([Tables, Name, Broken])).rejects.toThrow('things.nothing');
    expect(await executed()).toEqual(['Tables1700000000001', 'Name1700000000002']);
  });

  it('waits for a long reader without delaying others', async () => {
    await run([Tables]);
    const waiting = new Promise<void>((resolve) => {
      onWaiting = resolve;
    });
    await withClient(async (reader) => {
      await reader.query('BEGIN');
      await reader.query('SELECT * FROM things.plan');
      const migrated = run([Tables, Name]);
      await waiting;
      await withClient(async (other) => {
        // Longer than the migration waits in the queue for the lock, in which other readers are behind it.
        await other.query('SET statement_timeout = 5000');
        await other.query('SELECT * FROM things.plan');
      });
      expect(await executed()).toEqual(['Tables1700000000001']);
      await reader.query('COMMIT');
      expect(await migrated).toEqual(['Name1700000000002']);
    });
    expect(lines).toContainEqual({
      message: 'Migration waits for a lock',
      values: { schema: 'things', migration: 'Name1700000000002', attempt: 1, pauseMs: expect.any(Number) },
    });
  });
});
