import { describe, expect, it } from '@jest/globals';
import { findUnindexedScans } from '#ops/testing/find-unindexed-scans.js';
import { recordStatements } from '#ops/testing/record-statements.js';
import { dropDatabase, newMigratedDatabase } from '#ops/testing/test-services.js';
import { describePermissionMatrix } from './describe-permission-matrix.js';

const SCHEMAS = ['auth', 'integrations', 'reporting', 'billing', 'operations'];

/** What does not grow with customers: the list of migrations, the counters of columns, and the backups that are kept. */
const SMALL = /\.migration$|_seq$|^operations\.backup$/;

/** Statements that read a whole table by intent, by a part of their text, with the reason. */
const WHOLE: [string, string][] = [
  [
    'FROM billing.subscription WHERE trial_ends_at BETWEEN',
    'once an hour, the one row of each organization, for notices',
  ],
  ['INSERT INTO integrations.account_day', 'once a day, what every organization has'],
  ['FROM integrations.alert_rule WHERE NOT is_paused', 'each organization with a rule is due'],
  ['FROM reporting.report_schedule WHERE pause_reason IS NULL', 'each organization with a schedule is due'],
  [
    'INSERT INTO billing.subscription (organization_id, trial_ends_at, created_at, free_since)',
    'every ten minutes, organizations without a subscription',
  ],
];

// The statements of migrations are not those of the product that runs.
await dropDatabase(await newMigratedDatabase());
const statements = recordStatements();

// Every field on every path, as every caller: what the API asks of PostgreSQL, and the jobs that run meanwhile.
describePermissionMatrix('in-process');

describe('the statements of the API and of jobs', () => {
  it('read tables that grow by an index', async () => {
    const database = await newMigratedDatabase();
    try {
      const found = await findUnindexedScans(database, { statements: statements.values(), schemas: SCHEMAS });
      const scans = [...found].flatMap(([text, tables]) => {
        const statement = text.replace(/\s+/g, ' ');
        const growing = tables.filter((table) => !SMALL.test(table));
        const isMeant = WHOLE.some(([part]) => statement.includes(part));
        return growing.length === 0 || isMeant ? [] : [{ growing, statement }];
      });
      process.stdout.write(`Statements: ${statements.size} forms.\n`);
      expect(statements.size).toBeGreaterThan(300);
      expect(scans).toEqual([]);
    } finally {
      await dropDatabase(database);
    }
  });
});
