import pg from 'pg';
import { ConfigurationError, Conflict } from '#runtime/errors.js';

const CONNECT_TIMEOUT_MS = 10_000;

// Settings that the text of values depends on; servers differ in them.
const SESSION = `
  SET search_path = '';
  SET statement_timeout = 0;
  SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0;
  SET idle_session_timeout = 0;
  SET TimeZone = 'UTC';
  SET DateStyle = 'ISO, YMD';
  SET IntervalStyle = 'postgres';
  SET extra_float_digits = 1;
  SET bytea_output = 'hex';
  SET check_function_bodies = off`;

/** Connects to a database. Throws ConfigurationError when it is unreachable or missing. */
export async function connect(databaseUrl: string, purpose: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: `webmetrics ${purpose}`,
  });
  // The failing query reports a lost connection; without a listener the process would exit.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(SESSION);
  } catch (cause) {
    await client.end().catch(() => {});
    throw connectProblem(databaseUrl, cause);
  }
  return client;
}

function connectProblem(databaseUrl: string, cause: unknown): ConfigurationError {
  const { host, pathname } = new URL(databaseUrl);
  const database = decodeURIComponent(pathname.slice(1));
  const { code, message } = cause as { code?: string; message: string };
  if (code === '3D000') {
    return new ConfigurationError(
      `There is no database "${database}" at ${host}: make an empty one with CREATE DATABASE "${database}".`,
      { cause },
    );
  }
  return new ConfigurationError(`The database "${database}" at ${host} cannot be reached: ${message || code}.`, {
    cause,
  });
}

/** Locks a database until the connection ends. Throws Conflict while another process holds it. */
export async function acquireLock(
  client: pg.ClientBase,
  purpose: 'backup' | 'restore drill' | 'restore',
): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    "SELECT pg_try_advisory_lock(hashtext('webmetrics ' || $1)) AS taken",
    [purpose],
  );
  if (!rows[0]?.taken)
    throw new Conflict(`Another process is at a ${purpose} of this database: try again when it is done.`);
}
