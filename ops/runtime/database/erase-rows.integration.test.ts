import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Services } from '#runtime/services.js';
import { eraseRows, listOrganizationTables } from './erase-rows.js';

describe('erasing rows', () => {
  let services: Services;
  const ours = randomUUID();
  const theirs = randomUUID();

  beforeAll(async () => {
    services = await openTestServices();
  });
  afterAll(() => services.lifecycle.close());
  beforeEach(async () => {
    await services.operations.query(`
      DROP SCHEMA IF EXISTS made CASCADE;
      CREATE SCHEMA made;
      CREATE TABLE made.a_root (id int PRIMARY KEY, organization_id uuid NOT NULL, up int REFERENCES made.a_root);
      CREATE TABLE made."Odd ""name" (organization_id uuid NOT NULL, root int NOT NULL REFERENCES made.a_root);
      CREATE TABLE made.a_leaf (organization_id uuid NOT NULL, root int NOT NULL REFERENCES made.a_root);
      CREATE TABLE made.part (root int NOT NULL REFERENCES made.a_root ON DELETE CASCADE);
      CREATE TABLE made.day (organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
      CREATE TABLE made.day_1 PARTITION OF made.day FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE made.day_2 PARTITION OF made.day FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
      CREATE TABLE made.setting (name text);
      INSERT INTO made.setting VALUES ('stays');
    `);
    for (const [index, id] of [ours, theirs].entries()) {
      const first = index * 10_000;
      const insert = (statement: string) => services.operations.query(statement, [id, first]);
      await insert('INSERT INTO made.a_root SELECT $2 + n, $1, NULL FROM generate_series(1, 1201) AS n');
      await insert('INSERT INTO made."Odd ""name" SELECT $1, $2 + n FROM generate_series(1, 3) AS n');
      await insert('INSERT INTO made.a_leaf SELECT $1, $2 + n FROM generate_series(1, 501) AS n');
      await services.operations.query('INSERT INTO made.part SELECT $1::int + n FROM generate_series(1, 5) AS n', [
        first,
      ]);
      await services.operations.query("INSERT INTO made.day VALUES ($1, '2026-01-05'), ($1, '2026-02-05')", [id]);
    }
  });

  const counts = async () => {
    const tables = ['a_root', '"Odd ""name"', 'a_leaf', 'part', 'day', 'setting'];
    const answers = await Promise.all(
      tables.map((table) => services.operations.query(`SELECT count(*)::int AS n FROM made.${table}`)),
    );
    return answers.map(([{ n }]) => n);
  };
  const erase = (more = {}) => eraseRows(services.operations, { schema: 'made', organizationId: ours, ...more });

  it('leaves no row of one organization and all rows of the others, whatever the references', async () => {
    expect(await counts()).toEqual([2402, 6, 1002, 10, 4, 1]);
    expect(await erase()).toBe(1201 + 3 + 501 + 2);
    expect(await counts()).toEqual([1201, 3, 501, 5, 2, 1]);
    expect(await erase()).toBe(0);
  });

  it('leaves out tables on request', async () => {
    await erase({ isKept: (table: string) => table.startsWith('day') });
    expect(await counts()).toEqual([1201, 3, 501, 5, 4, 1]);
  });

  it('finds rows by an index that begins with the organization, however many others have', async () => {
    await services.operations.query(`
      CREATE TABLE made.indexed (organization_id uuid NOT NULL, number int NOT NULL, PRIMARY KEY (organization_id, number));
      INSERT INTO made.indexed SELECT '${theirs}', n FROM generate_series(1, 20000) AS n;
      INSERT INTO made.indexed SELECT '${ours}', n FROM generate_series(1, 5001) AS n;
      ANALYZE made.indexed;
    `);
    const plans: string[] = [];
    const database = {
      query: async (statement: string, values?: unknown[]) => {
        if (statement.startsWith('DELETE FROM made.indexed')) {
          const rows = await services.operations.query(`EXPLAIN ${statement}`, values);
          plans.push(rows.map((row: Record<string, string>) => row['QUERY PLAN']).join(' '));
        }
        return services.operations.query(statement, values);
      },
    };
    await eraseRows(database as never, { schema: 'made', organizationId: ours });
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).not.toContain('Seq Scan');
    const [left] = await services.operations.query('SELECT count(*)::int AS n FROM made.indexed');
    expect(left.n).toBe(20_000);
  });

  it('goes on where it was interrupted', async () => {
    const stop = new AbortController();
    let statements = 0;
    const database = {
      query: (statement: string, values?: unknown[]) => {
        statements += 1;
        if (statements === 5) stop.abort();
        return services.operations.query(statement, values);
      },
    };
    const options = { schema: 'made', organizationId: ours, signal: stop.signal };
    await expect(eraseRows(database as never, options)).rejects.toThrow();
    const [roots] = await counts();
    expect(roots).toBeGreaterThan(1201);
    await erase();
    expect(await counts()).toEqual([1201, 3, 501, 5, 2, 1]);
  });

  it('refuses tables with circular references', async () => {
    await services.operations.query(`
      ALTER TABLE made.a_leaf ADD COLUMN id int UNIQUE;
      ALTER TABLE made.a_root ADD COLUMN leaf int REFERENCES made.a_leaf (id);
    `);
    await expect(listOrganizationTables(services.operations, 'made')).rejects.toThrow('refer to each other');
  });
});
