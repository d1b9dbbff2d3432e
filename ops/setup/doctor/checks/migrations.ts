import type pg from 'pg';
import { type Check, reasonOf } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import type { Migrations } from '#runtime/database/database.js';

const nameOf = (Migration: Migrations[number]) => new Migration().name ?? Migration.name;

async function appliedIn(client: pg.Client, schema: string): Promise<string[]> {
  const known = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `"${schema}".migration`,
  ]);
  if (!known.rows[0]?.there) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM "${schema}".migration ORDER BY id`);
  return rows.map(({ name }) => name);
}

function compare(schema: string, needed: string[], applied: string[]): Finding[] {
  const pending = needed.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !needed.includes(name));
  if (unknown.length > 0) {
    const message = `${schema}: the database is newer than this program (${unknown.join(', ')})`;
    return [problem(message, 'Run the version of WebMetrics that made these changes, or a newer one.')];
  }
  if (pending.length === 0) return [ok(`${schema}: up to date (${applied.length} applied)`)];
  const advice = 'The next start applies them. Make a backup first if there is data: npm run backup';
  return [warning(`${schema}: ${pending.length} pending (${pending.join(', ')})`, advice)];
}

export const migrations: Check = {
  name: 'Migrations',
  run: async ({ databaseUrl, migrations: bySchema }) => {
    if (!databaseUrl) return [];
    try {
      return await withDatabase(databaseUrl, async (client) => {
        const schemas: { name: string; needed: string[]; applied: string[] }[] = [];
        for (const [name, needed] of Object.entries(bySchema)) {
          schemas.push({ name, needed: needed.map(nameOf), applied: await appliedIn(client, name) });
        }
        const isEmpty = schemas.every(({ applied }) => applied.length === 0);
        if (isEmpty) return [ok('The database is empty: the first start fills it')];
        return schemas.flatMap(({ name, needed, applied }) => compare(name, needed, applied));
      });
    } catch (error) {
      return [problem(`They cannot be looked at (${reasonOf(error)})`, 'See PostgreSQL above.')];
    }
  },
};
