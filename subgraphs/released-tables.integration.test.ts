import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { newMigratedDatabase } from '#ops/testing/test-services.js';
import { findIncompatibilities } from '#runtime/database/compare-tables.js';
import { readTables, type Tables } from '#runtime/database/read-tables.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { subgraphNames } from '#schema/type-definitions.js';

/** What was looked at, and why the last release runs on it all the same; emptied with `npm run record-tables`. */
const accepted: Record<string, string> = {};

it('processes of the last release run on the tables of this version', async () => {
  const file = join(projectRoot, 'ops/runtime/database/released-tables.json');
  const released = JSON.parse(readFileSync(file, 'utf8')) as { version: string; tables: Tables };
  const client = new pg.Client({ connectionString: await newMigratedDatabase() });
  await client.connect();
  try {
    const tables = await readTables(client, ['operations', ...subgraphNames]);
    expect(Object.keys(tables).length).toBeGreaterThan(50);
    const found = findIncompatibilities(released.tables, tables).filter((problem) => !(problem in accepted));
    expect(found).toEqual([]);
  } finally {
    await client.end();
  }
});
