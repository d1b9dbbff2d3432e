import type pg from 'pg';
import type { Invariant } from '#ops/backup/invariant.js';

/** Whatever a subgraph is about, this holds: what is declared of the data was checked. */
const GENERIC: Invariant[] = [
  {
    name: 'every foreign key and check was validated',
    sql: "SELECT FROM pg_constraint WHERE contype IN ('f', 'c') AND NOT convalidated",
  },
  { name: 'every index is valid', sql: 'SELECT FROM pg_index WHERE NOT indisvalid' },
];

/** Checks what must be true of a restored database. Returns how many invariants hold and those that do not, in words. */
export async function checkInvariants(
  client: pg.ClientBase,
  invariants: Invariant[],
): Promise<{ held: number; broken: string[] }> {
  const broken: string[] = [];
  const all = [...GENERIC, ...invariants];
  for (const { name, sql } of all) {
    try {
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM (${sql}) AS contradiction`);
      const { count } = rows[0] as { count: number };
      if (count > 0) broken.push(`not true that ${name} (${count} rows)`);
    } catch (error) {
      // A table it asks about is gone, for example.
      broken.push(`cannot tell whether ${name} (${(error as Error).message})`);
    }
  }
  return { held: all.length - broken.length, broken };
}
