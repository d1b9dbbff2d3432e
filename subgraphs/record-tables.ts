import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { migrate } from '#runtime/database/migrate.js';
import { readTables } from '#runtime/database/read-tables.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { projectRoot, version } from '#runtime/process/project-root.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';
import { migrationsOf } from './migrations.js';

// `npm run record-tables`, with each release: writes which tables this version works on. Until the next release a test compares the tables
// of later migrations with them, as processes of this version run on those while they are updated.

const FILE = join(projectRoot, 'ops', 'runtime', 'database', 'released-tables.json');

try {
  readCommandLine({});
  const logger = createLogger({ level: 'warn' });
  const definitions = await Promise.all(subgraphNames.map((name) => subgraphs[name]()));
  const bySchema = migrationsOf(definitions);
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-tables-'));
  const postgres = await startEmbeddedPostgres(folder, ['-c fsync=off']);
  try {
    for (const [schema, migrations] of Object.entries(bySchema)) {
      await migrate({ databaseUrl: postgres.url, schema, migrations, logger });
    }
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const tables = await readTables(client, Object.keys(bySchema));
    await client.end();
    writeFileSync(FILE, `${JSON.stringify({ version, tables }, null, 2)}\n`);
    process.stdout.write(`${Object.keys(tables).length} tables of ${version} are recorded in ${FILE}.\n`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
} catch (error) {
  exitWith(error, 'The tables could not be recorded.');
}
