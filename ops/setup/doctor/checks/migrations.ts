import type { Check } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { executedMigrations, migrationName } from '#runtime/database/migrate.js';
import { reasonOf } from '#runtime/log/reason-of.js';

function compare(schema: string, needed: string[], applied: string[]): Finding[] {
  const pending = needed.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !needed.includes(name));
  if (unknown.length > 0) {
    const message = `${schema}: the database is newer than this program (${unknown.join(', ')})`;
    return [problem(message, 'Run the version of WebMetrics that made these changes, or a newer one.')];
  }
  if (pending.length === 0) return [ok(`${schema}: up to date (${applied.length} applied)`)];
  const advice =
    'Execute them with npm run migrate, or the next start does. Make a backup first if there is data: npm run backup';
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
          schemas.push({ name, needed: needed.map(migrationName), applied: await executedMigrations(client, name) });
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
