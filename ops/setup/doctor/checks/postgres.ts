import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type Check, type CheckContext, isLoopback } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import type { Config } from '#runtime/config/config.js';
import { reasonOf } from '#runtime/log/reason-of.js';

/** The supported versions: the tests run on the newest, and in CI on another; the oldest is without a feature that migrations avoid. */
const OLDEST_VERSION = 14;
const NEWEST_VERSION = 18;
/** No longer maintained by its makers, since 2026-11-12: https://www.postgresql.org/support/versioning/. */
const UNMAINTAINED_VERSION = 14;

const SUPPORTED = `PostgreSQL ${OLDEST_VERSION} to ${NEWEST_VERSION} are supported`;

/** Returns what is to be said about a version of PostgreSQL. */
export function judgeVersion(version: number, host: string): Finding {
  if (version < OLDEST_VERSION) {
    return problem(`PostgreSQL ${version} is too old`, `Move to version ${NEWEST_VERSION}: ${SUPPORTED}.`);
  }
  if (version <= UNMAINTAINED_VERSION) {
    const message = `PostgreSQL ${version} at ${host} gets no more security fixes`;
    return warning(message, `Move to version ${NEWEST_VERSION}: ${SUPPORTED}.`);
  }
  if (version > NEWEST_VERSION) {
    const message = `PostgreSQL ${version} at ${host} is newer than what WebMetrics was tested with`;
    return warning(message, `${SUPPORTED}: look for a newer WebMetrics.`);
  }
  return ok(`PostgreSQL ${version} at ${host}`);
}

/** Connections besides the pools of subgraphs: schema `operations` and job queue. */
const CONNECTIONS_BESIDES = 4 + 5;

interface Server {
  version: number;
  encoding: string;
  hasTls: boolean;
  canCreateDatabases: boolean;
  maxConnections: number;
}

async function describeServer(client: pg.Client): Promise<Server> {
  const { rows } = await client.query<Server>(`
    SELECT current_setting('server_version_num')::int / 10000 AS version,
      current_setting('server_encoding') AS encoding,
      coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "hasTls",
      (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "canCreateDatabases",
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS "maxConnections"`);
  return rows[0] as Server;
}

/** Tries the privileges of migrations and subgraphs, and rolls back. */
async function tryRights(client: pg.Client): Promise<Finding> {
  const schema = `webmetrics_doctor_${randomBytes(6).toString('hex')}`;
  try {
    await client.query('BEGIN');
    await client.query(`CREATE SCHEMA ${schema}`);
    await client.query(`CREATE TABLE ${schema}.probe (id uuid PRIMARY KEY DEFAULT gen_random_uuid())`);
    await client.query(`INSERT INTO ${schema}.probe DEFAULT VALUES`);
    await client.query(`DELETE FROM ${schema}.probe`);
    return ok('May create schemas and tables, and write to them');
  } catch (error) {
    return problem(
      `May not create schemas and tables (${reasonOf(error)})`,
      'As its owner: GRANT CREATE, CONNECT, TEMPORARY ON DATABASE <database> TO <user>.',
    );
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}

/** Returns the maximum of connections, and the processes that keep them. */
export function connectionsNeeded(config: Config, subgraphs: number): { processes: number; connections: number } {
  const remote = Object.keys(config.subgraphUrls).length;
  const local = subgraphs - remote;
  const of = (count: number) => count * config.databasePoolSize + CONNECTIONS_BESIDES;
  if (remote === 0) return { processes: 1, connections: of(local) };
  // Remote subgraphs usually have a worker.
  return {
    processes: remote + 1 + (local > 0 ? 1 : 0),
    connections: remote * of(1) + of(subgraphs) + (local > 0 ? of(local) : 0),
  };
}

function capacity(server: Server, { config, subgraphNames }: CheckContext): Finding {
  const { processes, connections } = connectionsNeeded(config, subgraphNames.length);
  const who = processes === 1 ? 'one process keeps' : `${processes} processes keep`;
  const message = `Up to ${server.maxConnections} connections; ${who} up to ${connections}`;
  if (connections <= server.maxConnections) return ok(message);
  return warning(message, 'Raise max_connections of the server, or lower DATABASE_POOL_SIZE.');
}

async function look(client: pg.Client, url: string, context: CheckContext): Promise<Finding[]> {
  const server = await describeServer(client);
  const findings = [judgeVersion(server.version, new URL(url).host)];
  if (server.encoding !== 'UTF8') {
    findings.push(problem(`The database is encoded in ${server.encoding}`, "Make it anew with ENCODING 'UTF8'."));
  }
  findings.push(await tryRights(client));
  if (!server.canCreateDatabases) {
    const advice = 'ALTER ROLE <user> CREATEDB, or backups are kept without ever being restored for a trial.';
    findings.push(warning('May not create databases, which the restore drill needs', advice));
  }
  findings.push(capacity(server, context));
  if (!server.hasTls && !isLoopback(url)) {
    const advice = 'Add ?sslmode=require to DATABASE_URL, unless the network between them is private.';
    findings.push(warning('What goes to the server and back is not encrypted', advice));
  }
  return findings;
}

const ADVICE: Record<string, string> = {
  '28P01': 'Correct the user or the password in DATABASE_URL.',
  '28000': 'Let this user in (pg_hba.conf), or correct DATABASE_URL.',
  '3D000': 'CREATE DATABASE it first, or correct the name in DATABASE_URL.',
  '53300': 'Raise max_connections of the server, or end what holds its connections.',
};

export const postgres: Check = {
  name: 'PostgreSQL',
  run: async (context) => {
    const { databaseUrl } = context;
    if (!databaseUrl) return [];
    try {
      return await withDatabase(databaseUrl, (client) => look(client, databaseUrl, context));
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const advice = ADVICE[code] ?? 'Start PostgreSQL there, or correct DATABASE_URL.';
      return [problem(`${new URL(databaseUrl).host} cannot be used (${reasonOf(error)})`, advice)];
    }
  },
};
