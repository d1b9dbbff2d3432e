import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { backUp } from '#ops/backup/back-up.js';
import { restore } from '#ops/backup/restore.js';
import { megabytes } from '#ops/bench/statistics.js';
import { parseConfig } from '#runtime/config/config.js';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';

const ROWS = 500_000;
const SAMPLE_EVERY_MS = 20;

/** The cost of backup and restore. Bytes are of the rows as uncompressed text. */
export interface BackupFigures {
  rows: number;
  textMegabytes: number;
  fileMegabytes: number;
  backupSeconds: number;
  backupMegabytesPerSecond: number;
  restoreSeconds: number;
  restoreMegabytesPerSecond: number;
  /** Growth of this process's resident memory. */
  backupPeakMegabytes: number;
  restorePeakMegabytes: number;
}

const TABLE = `
  CREATE SCHEMA bench;
  CREATE TABLE bench.report_row (
    report_id uuid NOT NULL, position integer NOT NULL, cells jsonb NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (report_id, position)
  );
  INSERT INTO bench.report_row (report_id, position, cells)
  SELECT md5((n / 500)::text)::uuid, n % 500, jsonb_build_object('provider', 'google-ads', 'account', 'Account ' || n % 97,
    'campaign', 'Campaign ' || n, 'status', 'ACTIVE', 'currency', 'EUR', 'impressions', n * 31 % 100003, 'clicks', n % 977,
    'cost', round((n * 1.37)::numeric, 2), 'conversions', n % 41, 'conversion_value', round((n * 0.71)::numeric, 2))
  FROM generate_series(1, $rows) AS n`;

async function query<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; peakBytes: number }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_EVERY_MS);
  const startedAt = performance.now();
  try {
    const result = await work();
    return { result, seconds: (performance.now() - startedAt) / 1000, peakBytes: peak - before };
  } finally {
    clearInterval(sampling);
  }
}

/** Backs up and restores a generated database on an embedded PostgreSQL. */
export async function measureBackup(rows = ROWS): Promise<BackupFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-bench-'));
  const server = await startEmbeddedPostgres(dataDir);
  try {
    await query(server.url, TABLE.replace('$rows', String(rows)));
    const [size] = await query<{ bytes: string }>(
      server.url,
      'SELECT sum(length(to_json(t)::text)) AS bytes FROM bench.report_row AS t',
    );
    const textBytes = Number(size?.bytes);
    const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir });
    const backup = await measured(() => backUp({ databaseUrl: server.url, config }));
    const file = backup.result.locations[0] as string;
    await query(server.url, 'CREATE DATABASE restored');
    const target = new URL(server.url);
    target.pathname = '/restored';
    const restored = await measured(() =>
      restore({ backup: { file }, databaseUrl: target.href, config, isDryRun: false }),
    );
    return {
      rows: backup.result.rows,
      textMegabytes: megabytes(textBytes),
      fileMegabytes: megabytes(statSync(file).size),
      backupSeconds: Number(backup.seconds.toFixed(2)),
      backupMegabytesPerSecond: megabytes(textBytes / backup.seconds),
      restoreSeconds: Number(restored.seconds.toFixed(2)),
      restoreMegabytesPerSecond: megabytes(textBytes / restored.seconds),
      backupPeakMegabytes: megabytes(backup.peakBytes),
      restorePeakMegabytes: megabytes(restored.peakBytes),
    };
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
