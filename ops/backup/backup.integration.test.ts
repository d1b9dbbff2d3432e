import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { fillWithNastyValues } from '#ops/testing/fill-database.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { rewriteConsistently } from '#ops/testing/small-backup.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { type Config, type Environment, parseConfig } from '#runtime/config/config.js';
import { backUp, type MadeBackup } from './back-up.js';
import { connect } from './connect.js';
import { fileSha256 } from './format/backup-file.js';
import { restore } from './restore.js';
import { findNewestBackup } from './store/find-backup.js';
import { verifyBackup } from './verify-backup.js';

const folders: string[] = [];

function newConfig(environment: Environment = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
  folders.push(folder);
  return parseConfig({ NODE_ENV: 'test', DATA_DIR: folder, ...environment });
}

afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true, force: true })));

async function query<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const fileOf = ({ locations }: MadeBackup) => locations[0] as string;
const linesOf = (file: string) => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
const namesIn = (config: Config) => readdirSync(join(config.dataDir, 'backups')).sort();

/** Every row of every table as PostgreSQL itself prints it, and what the catalogue has besides tables. */
async function everythingIn(databaseUrl: string) {
  const client = await connect(databaseUrl, 'test');
  const all: Record<string, unknown> = {};
  const list = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows.map(([text]) => text);
  const tables = await list(`SELECT oid::regclass::text FROM pg_class
    WHERE relkind IN ('r', 'm') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`);
  for (const table of tables) all[table] = await list(`SELECT t::text FROM ${table} AS t ORDER BY t::text COLLATE "C"`);
  const ours = (column: string) =>
    `${column}::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;
  const queries = {
    relations: `SELECT concat_ws(' ', relkind, relpersistence, oid::regclass, reloptions) FROM pg_class WHERE ${ours('relnamespace')} ORDER BY 1`,
    columns: `SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
        attcollation::regcollation, pg_get_expr(adbin, adrelid))
      FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attnum > 0 AND NOT attisdropped AND ${ours('relnamespace')} ORDER BY 1`,
    constraints: `SELECT concat_ws(' ', conname, conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE ${ours('connamespace')} ORDER BY 1`,
    indexes: `SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid WHERE ${ours('relnamespace')} ORDER BY 1`,
    triggers: `SELECT concat(pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
    functions: `SELECT pg_get_functiondef(oid) FROM pg_proc WHERE ${ours('pronamespace')} ORDER BY 1`,
    enums: `SELECT concat_ws(' ', enumtypid::regtype, enumsortorder, enumlabel) FROM pg_enum ORDER BY 1`,
    sequences: `SELECT concat_ws(' ', s.oid::regclass, to_json(q), pg_sequence_last_value(s.oid)) FROM pg_class AS s
      JOIN (SELECT seqrelid, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle FROM pg_sequence) AS q ON q.seqrelid = s.oid ORDER BY 1`,
    owners: `SELECT concat_ws(' ', objid::regclass, refobjid::regclass, refobjsubid, deptype) FROM pg_depend
      WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND objid IN (SELECT seqrelid FROM pg_sequence) ORDER BY 1`,
  };
  for (const [what, sql] of Object.entries(queries)) all[what] = await list(sql);
  await client.end();
  // The number of a relation is its own in every database.
  return JSON.parse(JSON.stringify(all).replace(/\\"seqrelid\\":\\"?\d+\\"?,/g, ''));
}

describe('a backup', () => {
  let config: Config;
  beforeEach(() => {
    config = newConfig();
  });

  it('brings back every type, value, name and object as it was', async () => {
    const source = await newDatabase();
    await fillWithNastyValues(source);
    const made = await backUp({ databaseUrl: source, config });
    const target = await newDatabase();
    await restore({ backup: { file: fileOf(made) }, databaseUrl: target, config, isDryRun: false });
    const [before, after] = [await everythingIn(source), await everythingIn(target)];
    expect(before['"Odd ""name".time_value']).toHaveLength(5);
    expect(after).toEqual(before);
  });

  it('is readable text: one line per row, and the statements that create the tables', async () => {
    const source = await newDatabase();
    await query(
      source,
      `CREATE TABLE public.person (id int PRIMARY KEY, name text, note jsonb);
      INSERT INTO public.person VALUES (2, E'Ann\\nO''Neil', '{"a": null}'), (1, NULL, 'null')`,
    );
    const made = await backUp({ databaseUrl: source, config });
    const lines = linesOf(fileOf(made));
    expect(lines).toContain(
      '["define","CREATE TABLE public.person (\\n  id integer NOT NULL,\\n  name text,\\n  note jsonb\\n)"]',
    );
    expect(lines.filter((line) => line.startsWith('{'))).toEqual([
      '{"id":1,"note":null}',
      '{"id":2,"name":"Ann\\nO\'Neil","note":{"a": null}}',
    ]);
    expect(JSON.parse(lines[0] as string)[1]).toMatchObject({ format: 1, schemas: ['public'], queue: 'PostgreSQL' });
    expect(made).toMatchObject({ rows: 2, tables: ['public.person'], bytes: statSync(fileOf(made)).size });
    const checksum = readFileSync(`${fileOf(made)}.sha256`, 'utf8');
    expect(checksum).toBe(`${made.sha256}  ${made.file}\n`);
    expect(await fileSha256(fileOf(made))).toBe(made.sha256);
    expect(statSync(fileOf(made)).mode & 0o777).toBe(0o600);
  });

  it('is the same text for the same rows', async () => {
    const source = await newDatabase();
    await fillWithNastyValues(source);
    const first = linesOf(fileOf(await backUp({ databaseUrl: source, config })));
    const second = linesOf(fileOf(await backUp({ databaseUrl: source, config })));
    expect(second.slice(1, -1)).toEqual(first.slice(1, -1));
  });

  it('holds one instant, whatever is written meanwhile', async () => {
    const source = await newDatabase();
    // Two tables that always come to the same sum; both have rows enough for several batches.
    await query(
      source,
      `CREATE TABLE a (id int PRIMARY KEY, money bigint, filler text);
      CREATE TABLE b (id int PRIMARY KEY, money bigint, filler text);
      INSERT INTO a SELECT n, 100, repeat('x', 500) FROM generate_series(1, 3000) AS n;
      INSERT INTO b SELECT n, 100, repeat('x', 500) FROM generate_series(1, 3000) AS n`,
    );
    const writer = new pg.Client({ connectionString: source });
    await writer.connect();
    let isOver = false;
    let transfers = 0;
    const writing = (async () => {
      while (!isOver) {
        await writer.query(`BEGIN; UPDATE a SET money = money - 7 WHERE id = ${1 + (transfers % 3000)};
          UPDATE b SET money = money + 7 WHERE id = ${1 + ((transfers * 31) % 3000)};
          INSERT INTO a SELECT max(id) + 1, 1, '' FROM a; INSERT INTO b SELECT max(id) + 1, -1, '' FROM b; COMMIT`);
        transfers += 1;
      }
    })();
    let made: Awaited<ReturnType<typeof backUp>> | undefined;
    // Otherwise this test would show nothing.
    await eventually('a backup is made while something is written', async () => {
      const during: number[] = [];
      made = await backUp({ databaseUrl: source, config, progress: () => void during.push(transfers) });
      return (during.at(-1) as number) > (during[0] as number);
    });
    isOver = true;
    await writing;
    await writer.end();
    const target = await newDatabase();
    await restore({ backup: { file: fileOf(made!) }, databaseUrl: target, config, isDryRun: false });
    const [sum] = await query<{ total: string; a: string; b: string }>(
      target,
      'SELECT (SELECT sum(money) FROM a) + (SELECT sum(money) FROM b) AS total, (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b',
    );
    expect(sum).toEqual({ total: '600000', a: sum?.b, b: sum?.b });
  });

  itInDrills(
    'holds a large table without holding it in memory',
    async () => {
      const source = await newDatabase();
      await query(
        source,
        `CREATE TABLE large AS SELECT n AS id, md5(n::text) AS hash, repeat(md5(n::text), 10) AS filler
      FROM generate_series(1, 200000) AS n; ALTER TABLE large ADD PRIMARY KEY (id)`,
      );
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const held = () => {
        collectGarbage();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      };
      const before = held();
      let most = before;
      let sampledAt = 0;
      const sample = () => {
        if (performance.now() - sampledAt < 500) return;
        most = Math.max(most, held());
        sampledAt = performance.now();
      };
      const made = await backUp({ databaseUrl: source, config, progress: sample });
      const target = await newDatabase();
      await restore({ backup: { file: fileOf(made) }, databaseUrl: target, config, isDryRun: false, progress: sample });
      expect(made.rows).toBe(200_000);
      // The rows are 80 MB of text.
      expect(most - before).toBeLessThan(40_000_000);
      expect(await query(target, 'SELECT count(*)::int AS count FROM large')).toEqual([{ count: 200_000 }]);
    },
    180_000,
  );

  it('refuses what it could not bring back, by name', async () => {
    const source = await newDatabase();
    await query(
      source,
      `CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE TABLE split (id int) PARTITION BY RANGE (id);
      CREATE TABLE half PARTITION OF split FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (id); CREATE TABLE secret (id int);
      ALTER TABLE secret ENABLE ROW LEVEL SECURITY; CREATE TABLE child () INHERITS (secret)`,
    );
    const attempt = backUp({ databaseUrl: source, config });
    await expect(attempt).rejects.toThrow(
      /partition .*half, which is partitioned itself; .*child.*row security of .*secret.*type .*positive/,
    );
    expect(namesIn(config)).toEqual([]);
  });

  it('is sealed when there is a key, and opens with that key only', async () => {
    const sealing = newConfig({ BACKUP_ENCRYPTION_KEY: randomBytes(32).toString('hex') });
    const source = await newDatabase();
    await query(source, "CREATE TABLE secret AS SELECT 'plain text' AS words");
    const made = await backUp({ databaseUrl: source, config: sealing });
    expect(made.file).toMatch(/\.jsonl\.gz\.enc$/);
    const target = await newDatabase();
    const order = { backup: { file: fileOf(made) }, databaseUrl: target, isDryRun: false };
    await expect(restore({ ...order, config })).rejects.toThrow('set BACKUP_ENCRYPTION_KEY');
    const other = newConfig({ BACKUP_ENCRYPTION_KEY: randomBytes(32).toString('hex') });
    await expect(restore({ ...order, config: other })).rejects.toThrow('but BACKUP_ENCRYPTION_KEY is key');
    await restore({ ...order, config: sealing });
    expect(await query(target, 'SELECT words FROM secret')).toEqual([{ words: 'plain text' }]);
  });

  it('makes room for itself once it was read back: the newest are kept', async () => {
    const keeping = newConfig({ BACKUP_KEEP: '2' });
    const source = await newDatabase();
    await query(source, 'CREATE TABLE a (id int)');
    const folder = join(keeping.dataDir, 'backups');
    const made: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const { file, removed } = await backUp({ databaseUrl: source, config: keeping });
      expect(removed).toEqual(made.slice(-2, -1).filter(() => made.length >= 2));
      made.push(file);
      if (round === 0) writeFileSync(join(folder, 'not-a-backup.txt'), 'kept');
    }
    expect(namesIn(keeping)).toEqual(
      ['not-a-backup.txt', ...made.slice(-2).flatMap((name) => [name, `${name}.sha256`])].sort(),
    );
  });

  it('is kept where others are of a clock that was ahead: those make room', async () => {
    const keeping = newConfig({ BACKUP_KEEP: '2' });
    const source = await newDatabase();
    await query(source, 'CREATE TABLE a (id int)');
    const at = (text: string) => backUp({ databaseUrl: source, config: keeping, now: () => new Date(text) });
    for (const year of [2031, 2032]) await at(`${year}-01-01T00:00:00Z`);
    const before = await at('2026-11-23T00:00:00Z');
    const { file, removed } = await at('2026-11-23T06:00:00Z');
    expect(removed).toEqual(['webmetrics-2032-01-01T00-00-00-000Z.jsonl.gz']);
    const backups = namesIn(keeping).filter((name) => name.endsWith('.gz'));
    expect(backups).toEqual([before.file, file]);
    const newest = await findNewestBackup(keeping, new Date('2026-11-23T07:00:00Z'));
    expect(newest?.location).toContain(file);
  });

  it('removes nothing when it fails', async () => {
    const keeping = newConfig({ BACKUP_KEEP: '1' });
    const source = await newDatabase();
    await query(source, 'CREATE TABLE a (id int)');
    const { file } = await backUp({ databaseUrl: source, config: keeping });
    await query(source, 'CREATE DOMAIN odd AS int');
    await expect(backUp({ databaseUrl: source, config: keeping })).rejects.toThrow();
    expect(namesIn(keeping)).toEqual([file, `${file}.sha256`]);
  });

  it('is made by one process at a time', async () => {
    const source = await newDatabase();
    await query(source, 'CREATE TABLE a (id int)');
    const writer = new pg.Client({ connectionString: source });
    await writer.connect();
    try {
      await writer.query('BEGIN');
      await writer.query('LOCK TABLE a IN ACCESS EXCLUSIVE MODE');
      const first = backUp({ databaseUrl: source, config });
      await eventually('the first waits for the table', async () => {
        const waiting = await query(
          source,
          `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
           WHERE datname = current_database() AND NOT granted`,
        );
        return waiting.length > 0;
      });
      for (const _ of [2, 3]) {
        await expect(backUp({ databaseUrl: source, config })).rejects.toThrow('Another process is at a backup');
      }
      await writer.query('COMMIT');
      await first;
    } finally {
      await writer.end();
    }
    expect(namesIn(config)).toHaveLength(2);
  });

  it('names a database it cannot reach', async () => {
    const attempt = backUp({ databaseUrl: 'postgres://127.0.0.1:1/none', config });
    await expect(attempt).rejects.toThrow(/The database "none" at 127\.0\.0\.1:1 cannot be reached/);
  });
});

describe('restoring', () => {
  let config: Config;
  let file: string;
  beforeEach(async () => {
    config = newConfig();
    const source = await newDatabase();
    await query(source, 'CREATE SCHEMA kept; CREATE TABLE kept.thing (id int); INSERT INTO kept.thing VALUES (1), (2)');
    file = fileOf(await backUp({ databaseUrl: source, config }));
  });

  it('refuses a database with one of the schemas, and describes how to create an empty one', async () => {
    const target = await newDatabase();
    await query(target, 'CREATE SCHEMA kept');
    const attempt = restore({ backup: { file }, databaseUrl: target, config, isDryRun: false });
    await expect(attempt).rejects.toThrow(/already has kept: .*CREATE DATABASE .* --into/);
    expect(await query(target, "SELECT FROM pg_class WHERE relname = 'thing'")).toEqual([]);
  });

  it('describes how to create a missing database', async () => {
    const target = new URL(await newDatabase());
    target.pathname = '/not_there';
    const attempt = restore({ backup: { file }, databaseUrl: target.href, config, isDryRun: false });
    await expect(attempt).rejects.toThrow('There is no database "not_there"');
  });

  it('changes nothing in a dry run, and refuses there what it would refuse', async () => {
    const target = await newDatabase();
    const before = await everythingIn(target);
    const { total } = await restore({ backup: { file }, databaseUrl: target, config, isDryRun: true });
    expect(total.rows).toBe(2);
    expect(await everythingIn(target)).toEqual(before);
    await query(target, 'CREATE SCHEMA kept');
    await expect(restore({ backup: { file }, databaseUrl: target, config, isDryRun: true })).rejects.toThrow(
      'already has kept',
    );
  });

  it('brings back all or nothing', async () => {
    const target = await newDatabase();
    rewriteConsistently(file, (lines) => [...lines.slice(0, -1), '["define","SELECT 1 / 0"]\n', ...lines.slice(-1)]);
    await verifyBackup(file, undefined);
    await expect(restore({ backup: { file }, databaseUrl: target, config, isDryRun: false })).rejects.toThrow(
      'division by zero',
    );
    expect(await query(target, "SELECT FROM pg_namespace WHERE nspname = 'kept'")).toEqual([]);
  });

  it('compares what is there with the backup before it is done', async () => {
    const target = await newDatabase();
    const meddling = (sql: string) => (lines: string[]) => [
      ...lines.slice(0, -1),
      `["define","${sql}"]\n`,
      ...lines.slice(-1),
    ];
    const order = { backup: { file }, databaseUrl: target, config, isDryRun: false };
    rewriteConsistently(file, meddling('DELETE FROM kept.thing WHERE id = 2'));
    await expect(restore(order)).rejects.toThrow('kept.thing has 1 rows where the backup has 2');
    rewriteConsistently(file, meddling('UPDATE kept.thing SET id = 9; INSERT INTO kept.thing VALUES (1)'));
    await expect(restore(order)).rejects.toThrow('kept.thing has other values than the backup');
    rewriteConsistently(file, meddling('DROP TABLE kept.thing'));
    await expect(restore(order)).rejects.toThrow('kept.thing is missing');
    expect(await query(target, "SELECT FROM pg_namespace WHERE nspname = 'kept'")).toEqual([]);
  });
});
