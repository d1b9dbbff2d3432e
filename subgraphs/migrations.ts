import type { Migrations } from '#runtime/database/migrate.js';
import { operationsMigrations } from '#runtime/database/operations-database.js';
import type { Subgraph } from './kit/define-subgraph.js';

/** Returns the migrations by schema of the installation's database, in the order in which a start executes them. */
export function migrationsOf(definitions: Subgraph[]): Record<string, Migrations> {
  return {
    operations: operationsMigrations,
    ...Object.fromEntries(definitions.map(({ name, migrations }) => [name, migrations])),
  };
}
