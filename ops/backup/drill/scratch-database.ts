import type pg from 'pg';
import { connect } from '#ops/backup/connect.js';
import { ConfigurationError } from '#runtime/errors.js';

const COMMENT = 'Made by a restore drill of WebMetrics, and dropped by it.';
const LONGEST_NAME = 63;
const SUFFIX = '_restore_drill';

export interface ScratchDatabase {
  name: string;
  url: string;
  drop(): Promise<void>;
}

async function requireCreateDatabase(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ may: boolean; name: string }>(
    'SELECT rolcreatedb OR rolsuper AS may, rolname AS name FROM pg_roles WHERE rolname = current_user',
  );
  const [role] = rows;
  if (role?.may) return;
  throw new ConfigurationError(
    `The restore drill needs a database of its own: let the user make one (ALTER ROLE "${role?.name}" CREATEDB).`,
  );
}

async function dropIfOurs(client: pg.ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ comment: string | null }>(
    "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1",
    [name],
  );
  const [found] = rows;
  if (!found) return;
  if (found.comment !== COMMENT) {
    throw new ConfigurationError(
      `The restore drill does not touch the database "${name}", which it did not make: rename it.`,
    );
  }
  await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
}

/**
 * Creates an empty database, dropping one that an interrupted drill left. Needs the drill's lock. Throws
 * ConfigurationError without the privilege.
 */
export async function createScratchDatabase(client: pg.ClientBase, databaseUrl: string): Promise<ScratchDatabase> {
  await requireCreateDatabase(client);
  const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database');
  const name = `${rows[0]?.database.slice(0, LONGEST_NAME - SUFFIX.length)}${SUFFIX}`.replaceAll('"', '');
  await dropIfOurs(client, name);
  await client.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
  await client.query(`COMMENT ON DATABASE "${name}" IS '${COMMENT}'`);
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return {
    name,
    url: url.href,
    drop: async () => {
      // The caller's connection may be broken.
      const other = await connect(databaseUrl, 'restore drill');
      await other.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).finally(() => other.end());
    },
  };
}
