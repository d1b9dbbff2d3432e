import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { parseConfig } from '#runtime/config/config.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { backUp } from './back-up.js';
import { restore } from './restore.js';
import { verifyBackup } from './verify-backup.js';

const root = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const newDataDir = () => mkdtempSync(join(root, 'data-'));
const config = (dataDir: string) => parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir });
const filesIn = (folder: string) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Starts a program of the build folder as an operator would. */
function start(program: string, args: string[], environment: Record<string, string>): ChildProcess {
  // biome-ignore lint/style/noProcessEnv: only what a shell would give it
  const { PATH = '', HOME = '' } = process.env;
  const built = join(projectRoot, 'dist', 'ops', 'setup', program);
  return spawn(process.execPath, [built, ...args], { env: { PATH, HOME, ...environment }, cwd: root, stdio: 'pipe' });
}

async function outputOf(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  await once(child, 'close');
  return { status: child.exitCode, output };
}

describe('a backup whose process is killed', () => {
  let source: string;
  beforeAll(async () => {
    source = await newDatabase();
    const client = new pg.Client({ connectionString: source });
    await client.connect();
    await client.query(`CREATE TABLE thing (id int PRIMARY KEY, filler text);
      INSERT INTO thing SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 60000) AS n`);
    await client.end();
  });

  it('leaves nothing that looks whole, and the next one succeeds and cleans up', async () => {
    let [dataDir, folder] = ['', ''];
    // On a busy machine it may be done before it is killed.
    await eventually('it is killed in the middle', async () => {
      dataDir = newDataDir();
      folder = join(dataDir, 'backups');
      const child = start('backup.js', [], { DATABASE_URL: source, DATA_DIR: dataDir });
      const ended = once(child, 'exit');
      // As soon as there is something of it.
      while (filesIn(folder).length === 0 && child.exitCode === null) await wait(1);
      child.kill('SIGKILL');
      await ended;
      return filesIn(folder).some((name) => name.endsWith('.partial'));
    });
    expect(filesIn(folder)).toEqual([expect.stringMatching(/^\.webmetrics-.*\.partial$/)]);
    // The server notices the end of the connection, and with it of the lock, when it next writes to it.
    const made = await (async () => {
      for (;;) {
        try {
          return await backUp({ databaseUrl: source, config: config(dataDir) });
        } catch (error) {
          if (!/Another process/.test((error as Error).message)) throw error;
          await wait(20);
        }
      }
    })();
    expect(filesIn(folder).sort()).toEqual([made.file, `${made.file}.sha256`]);
    expect((await verifyBackup(made.locations[0] as string, undefined)).total.rows).toBe(60_000);
  });

  it('leaves an empty database where it was a restore', async () => {
    const dataDir = newDataDir();
    const { locations } = await backUp({ databaseUrl: source, config: config(dataDir) });
    const file = locations[0] as string;
    let target = '';
    // On a busy machine it may be done before it is killed.
    await eventually('it is killed in the middle', async () => {
      target = await newDatabase();
      const watcher = new pg.Client({ connectionString: target });
      await watcher.connect();
      const size = async () =>
        Number((await watcher.query('SELECT pg_database_size(current_database()) AS size')).rows[0].size);
      const empty = await size();
      const child = start('restore.js', [file, '--into', target], { DATA_DIR: dataDir });
      const ended = once(child, 'exit');
      // As soon as rows arrive.
      while ((await size()) < empty + 1_000_000 && child.exitCode === null) await wait(1);
      child.kill('SIGKILL');
      await ended;
      await watcher.end();
      return child.signalCode === 'SIGKILL';
    });
    const outcome = await restore({ backup: { file }, databaseUrl: target, config: config(dataDir), isDryRun: false });
    expect(outcome.total.rows).toBe(60_000);
  });
});

describe('the programs', () => {
  it('back up and restore, and print a summary', async () => {
    const source = await newDatabase();
    const client = new pg.Client({ connectionString: source });
    await client.connect();
    await client.query('CREATE TABLE thing AS SELECT 1 AS id');
    await client.end();
    const dataDir = newDataDir();
    const settings = { DATABASE_URL: source, DATA_DIR: dataDir };
    const backup = await outputOf(start('backup.js', [], settings));
    expect(backup).toEqual({
      status: 0,
      output: expect.stringMatching(/^Backed up 1 rows of 1 tables in \d+ bytes, and read it back\.\n {2}\//),
    });
    const [name = ''] = filesIn(join(dataDir, 'backups')).sort();

    const asked = await outputOf(start('restore.js', [], settings));
    expect(asked).toEqual({
      status: 1,
      output: `Nothing was restored. Say which backup. The newest are:\n  ${name}\n`,
    });
    const refused = await outputOf(start('restore.js', [name], settings));
    expect(refused.status).toBe(1);
    expect(refused.output).toMatch(
      /^Nothing was restored\. The database "test_\w+" already has public: .*CREATE DATABASE/,
    );
    const target = await newDatabase();
    const tried = await outputOf(start('restore.js', [name, '--into', target, '--dry-run'], settings));
    expect(tried.output).toMatch(
      /1 rows of 1 tables in public\.\nThe backup is sound and would be restored .* Nothing was changed\.\n$/,
    );
    const restored = await outputOf(start('restore.js', [name, '--into', target], settings));
    expect(restored.status).toBe(0);
    expect(restored.output).toMatch(
      /Restored into the database "test_\w+" at .*; every table was compared with the backup\.\n$/,
    );
  });

  it('work with the embedded database', async () => {
    const dataDir = newDataDir();
    const none = await outputOf(start('backup.js', [], { DATA_DIR: dataDir }));
    expect(none.output).toMatch(/^Backed up 0 rows of 0 tables/);
    const [name = ''] = filesIn(join(dataDir, 'backups')).sort();
    const restored = await outputOf(start('restore.js', [name], { DATA_DIR: dataDir }));
    expect(restored.output).toMatch(/Restored into the database "webmetrics"/);
    // It holds nothing, so it is in the way of nothing; one that holds something is.
    const source = await newDatabase();
    const client = new pg.Client({ connectionString: source });
    await client.connect();
    await client.query('CREATE SCHEMA thing; CREATE TABLE thing.one (id int)');
    await client.end();
    const { file } = await backUp({ databaseUrl: source, config: config(dataDir) });
    expect((await outputOf(start('restore.js', [file], { DATA_DIR: dataDir }))).status).toBe(0);
    const refused = await outputOf(start('restore.js', [file], { DATA_DIR: dataDir }));
    expect(refused.output).toMatch(/already has thing: .* Stop WebMetrics, move \S+\/postgres away and restore again/);
  });
});
