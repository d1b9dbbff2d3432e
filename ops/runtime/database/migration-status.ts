import type { DataSource } from 'typeorm';

/** How far a schema is: `pending` are migrations this process knows and the schema does not have. */
export interface MigrationStatus {
  applied: number;
  pending: string[];
}

/** Returns the state of every schema this process has open, by schema. */
export async function readMigrationStatus(
  databases: Map<string, DataSource>,
): Promise<Record<string, MigrationStatus>> {
  const statuses = [...databases].map(async ([schema, database]) => {
    const applied = await database.query<{ name: string }[]>(`SELECT name FROM "${schema}".migration`);
    const names = new Set(applied.map(({ name }) => name));
    const known = database.migrations.map((migration) => migration.name ?? migration.constructor.name);
    return [schema, { applied: names.size, pending: known.filter((name) => !names.has(name)) }] as const;
  });
  return Object.fromEntries(await Promise.all(statuses));
}
