import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import S3rver from 's3rver';
import { backUp } from '#ops/backup/back-up.js';
import { fileSha256 } from '#ops/backup/format/backup-file.js';
import { restore } from '#ops/backup/restore.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { type Config, parseConfig } from '#runtime/config/config.js';
import { openBackupStores, openBucketStore } from './backup-store.js';
import { findBackup, findNewestBackup } from './find-backup.js';

const BUCKET = 'backups';
const root = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: join(root, 's3'),
  configureBuckets: [{ name: BUCKET }],
});
let endpoint: string;
let source: string;

beforeAll(async () => {
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  source = await newDatabase();
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  await client.query('CREATE TABLE thing AS SELECT n, md5(n::text) AS hash FROM generate_series(1, 1000) AS n');
  await client.end();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

describe('backups in an S3-compatible store', () => {
  let config: Config;
  let prefix: string;
  const settings = (more: Record<string, string> = {}) =>
    parseConfig({
      NODE_ENV: 'test',
      DATA_DIR: mkdtempSync(join(root, 'data-')),
      BACKUP_S3_BUCKET: BUCKET,
      BACKUP_S3_PREFIX: prefix,
      BACKUP_S3_ENDPOINT: endpoint,
      BACKUP_S3_ACCESS_KEY_ID: 'S3RVER',
      BACKUP_S3_SECRET_ACCESS_KEY: 'S3RVER',
      BACKUP_KEEP: '2',
      ...more,
    });
  const bucketStore = async (of: Config) => (await openBackupStores('/nowhere', of.backup))[1]!;
  beforeEach(() => {
    prefix = `of/${randomBytes(4).toString('hex')}`;
    config = settings();
  });

  it('are stored as they are in the folder, and the newest kept there too', async () => {
    const names: string[] = [];
    for (let round = 0; round < 3; round += 1) names.push((await backUp({ databaseUrl: source, config })).file);
    const { locations, file, sha256 } = await backUp({ databaseUrl: source, config });
    expect(locations).toEqual([join(config.dataDir, 'backups', file), `s3://${BUCKET}/${prefix}/${file}`]);
    const store = await bucketStore(config);
    expect(await store.list()).toEqual([file, names[2]]);
    const copy = join(config.dataDir, 'copy');
    await store.fetch(file, copy);
    expect(await fileSha256(copy)).toBe(sha256);
    expect(readFileSync(`${copy}.sha256`, 'utf8')).toBe(`${sha256}  ${file}\n`);
  });

  it('are restored by name or address where the folder is gone', async () => {
    const { file, locations } = await backUp({ databaseUrl: source, config });
    const elsewhere = settings();
    for (const words of [file, locations[1] as string]) {
      const backup = await findBackup(words, elsewhere);
      const outcome = await restore({ backup, databaseUrl: await newDatabase(), config: elsewhere, isDryRun: false });
      backup.release();
      expect(outcome.total.rows).toBe(1000);
    }
    expect(await findNewestBackup(elsewhere, new Date())).toMatchObject({ location: locations[1] });
    await expect(findBackup('webmetrics-none', elsewhere)).rejects.toThrow(`The newest are:\n  ${file}`);
    await expect(findBackup('s3://backups/some.txt', elsewhere)).rejects.toThrow('does not name a backup');
  });

  it('are not mixed with those of another installation in the same bucket', async () => {
    const { file } = await backUp({ databaseUrl: source, config });
    prefix = `${prefix}/other`;
    const other = settings();
    expect(await (await bucketStore(other)).list()).toEqual([]);
    await backUp({ databaseUrl: source, config: other });
    expect(await (await bucketStore(config)).list()).toEqual([file]);
  });

  it('larger than one part arrive whole', async () => {
    const store = await openBucketStore(config.backup.s3!);
    const file = join(config.dataDir, 'large');
    writeFileSync(file, randomBytes(12 * 1024 * 1024));
    const name = 'webmetrics-2026-11-22T22-00-00-000Z.jsonl.gz';
    await store.add(file, name, await fileSha256(file));
    expect(await store.list()).toEqual([name]);
    await expect(store.add(file, name, 'f'.repeat(64))).rejects.toThrow('is not what was stored');
  });

  it('that reach no bucket do not fill the folder', async () => {
    const refused = settings({ BACKUP_S3_ACCESS_KEY_ID: 'SOMEBODY', BACKUP_KEEP: '2' });
    for (let round = 0; round < 5; round += 1) {
      await expect(backUp({ databaseUrl: source, config: refused })).rejects.toThrow('Cannot store');
    }
    const kept = readdirSync(join(refused.dataDir, 'backups')).filter((name) => name.endsWith('.gz'));
    expect(kept).toHaveLength(3);
  });

  it('fail with the bucket named, and the backup stays in the folder', async () => {
    const refused = settings({ BACKUP_S3_ACCESS_KEY_ID: 'SOMEBODY', BACKUP_KEEP: '1' });
    const folder = join(refused.dataDir, 'backups');
    mkdirSync(folder);
    const old = join(folder, 'webmetrics-2020-01-01T00-00-00-000Z.jsonl.gz');
    writeFileSync(old, 'kept until there is a new one');
    const attempt = backUp({ databaseUrl: source, config: refused });
    await expect(attempt).rejects.toThrow(
      /Cannot store webmetrics-.* in the bucket backups at http.*InvalidAccessKeyId/,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.gz'))).toHaveLength(2);
    const missing = settings({ BACKUP_S3_BUCKET: 'no-such-bucket' });
    await expect(backUp({ databaseUrl: source, config: missing })).rejects.toThrow(/no-such-bucket .*NoSuchBucket/);
  });
});
