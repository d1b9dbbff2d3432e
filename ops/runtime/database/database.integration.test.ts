import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeRateLimits } from '#ops/testing/describe-rate-limits.js';
import { newDatabase, newMigratedDatabase, openTestBaseServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { createLogger } from '#runtime/log/logger.js';
import { openDatabase } from './database.js';
import { openOperationsDatabase } from './operations-database.js';
import { openDurableRateLimits } from './rate-limits.js';

describe('a database', () => {
  it('that loses its connections raises an alert and logs a short line, and connects again', async () => {
    const databaseUrl = await newDatabase();
    const lines: string[] = [];
    const logger = createLogger({ level: 'warn', isPretty: false, destination: { write: (line) => lines.push(line) } });
    const { config, lifecycle } = await openTestBaseServices({ logger });
    let isRaised = (_alert: Alert) => {};
    const raised = new Promise<Alert>((resolve) => {
      isRaised = resolve;
    });
    const alerts = { raise: (alert: Alert) => isRaised(alert), close: async () => {} };
    const database = await openDatabase(
      { databaseUrl, config, logger, lifecycle, alerts },
      { schema: 'things', entities: [], migrations: [] },
    );
    await database.query('SELECT 1');
    const administrator = new pg.Client({ connectionString: databaseUrl });
    await administrator.connect();
    await administrator.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'webmetrics things'",
    );
    await administrator.end();
    expect(await raised).toMatchObject({ category: 'database', key: 'connection-lost', details: { schema: 'things' } });
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['A connection to PostgreSQL was lost']);
    expect(lines[0]?.length).toBeLessThan(500);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await lifecycle.close();
  });
});

/** A process that counts in PostgreSQL. */
async function openCounting(databaseUrl: string) {
  const { config, lifecycle, alerts, logger } = await openTestBaseServices();
  const operations = await openOperationsDatabase({ databaseUrl, config, logger, lifecycle, alerts });
  return { ...openDurableRateLimits(operations, logger), operations, close: () => lifecycle.close() };
}

describeRateLimits('PostgreSQL', async () => openCounting(await newMigratedDatabase()));

describe('rate limits in PostgreSQL', () => {
  it('are shared by processes, outlive them, and contain no names', async () => {
    const databaseUrl = await newMigratedDatabase();
    const quota = { name: 'sign-in-account', points: 2, windowSeconds: 60 };
    const [one, other] = [await openCounting(databaseUrl), await openCounting(databaseUrl)];
    await Promise.all([one, other].map((process) => process.open(quota).count('ada@example.com')));
    await one.close();
    await other.close();
    const next = await openCounting(databaseUrl);
    expect(await next.open(quota).count('ada@example.com')).toMatchObject({ isAllowed: false });
    const rows = await next.operations.query('SELECT key FROM operations.rate_limit');
    expect(rows).toEqual([{ key: expect.stringMatching(/^sign-in-account:[\w-]{43}$/) }]);
    await next.close();
  });

  it('reject while the database is away: nothing is checked uncounted', async () => {
    const counting = await openCounting(await newMigratedDatabase());
    const limit = counting.open({ name: 'codes', points: 2, windowSeconds: 60 });
    await counting.close();
    await expect(limit.count('a')).rejects.toThrow();
  });
});
