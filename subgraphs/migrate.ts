import { loadConfig } from '#runtime/config/config.js';
import { migrate } from '#runtime/database/migrate.js';
import { reachDatabase } from '#runtime/database/reach-database.js';
import { ConfigurationError } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';
import { migrationsOf } from './migrations.js';

// `npm run migrate`: brings the database to the schema of this version while the last version runs. Programs of this version find
// nothing to do when they start. Repeatable: what is executed stays.

try {
  readCommandLine({});
  const { databaseUrl, logLevel } = loadConfig();
  if (!databaseUrl)
    throw new ConfigurationError('DATABASE_URL is not set: the embedded database is migrated when WebMetrics starts.');
  const logger = createLogger({ level: logLevel, name: 'migrate' });
  await reachDatabase({ databaseUrl, logger });
  const definitions = await Promise.all(subgraphNames.map((name) => subgraphs[name]()));
  let count = 0;
  for (const [schema, migrations] of Object.entries(migrationsOf(definitions))) {
    count += (await migrate({ databaseUrl, schema, migrations, logger })).length;
  }
  process.stdout.write(count === 0 ? 'The database is up to date.\n' : `${count} migrations were executed.\n`);
} catch (error) {
  exitWith(error, 'The database could not be migrated.');
}
