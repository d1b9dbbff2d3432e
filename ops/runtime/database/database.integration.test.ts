import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newDatabase, openTestBaseServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { openDatabase } from './database.js';

describe('a database', () => {
  it('that loses its connections raises an alert, and connects again', async () => {
    const databaseUrl = await newDatabase();
    const { config, lifecycle } = await openTestBaseServices();
    let isRaised = (_alert: Alert) => {};
    const raised = new Promise<Alert>((resolve) => {
      isRaised = resolve;
    });
    const alerts = { raise: (alert: Alert) => isRaised(alert), close: async () => {} };
    const database = await openDatabase(
      { databaseUrl, config, lifecycle, alerts },
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
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await lifecycle.close();
  });
});
