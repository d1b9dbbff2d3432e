import pg from 'pg';
import { ConfigurationError } from '#runtime/errors.js';
import { untilAvailable } from '#runtime/jobs/until-available.js';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';

export interface ReachDatabaseOptions {
  databaseUrl: string;
  logger: Logger;
  limitMs?: number;
}

const LIMIT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Attempts, one a second, between two lines of the log. */
const LOG_EVERY = 10;

async function connect(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Waits up to a minute for the PostgreSQL of DATABASE_URL, as it may be starting, too. Throws ConfigurationError, which names the setting
 * and the server, when it does not come; any other error of a connection, such as a wrong password, at once.
 */
export async function reachDatabase({ databaseUrl, logger, limitMs = LIMIT_MS }: ReachDatabaseOptions): Promise<void> {
  const { host, pathname } = new URL(databaseUrl);
  const where = `PostgreSQL at ${host}${pathname} (DATABASE_URL)`;
  let lastReason = '';
  try {
    await untilAvailable(() => connect(databaseUrl), {
      limitMs,
      onWaiting: (error, attempt) => {
        lastReason = reasonOf(error);
        if (attempt % LOG_EVERY === 1)
          logger.warn({ reason: lastReason, attempt }, `${where} cannot be reached: it is tried again`);
      },
    });
    if (lastReason) logger.info(`${where} can be reached`);
  } catch (cause) {
    const tried = lastReason ? `, for ${Math.round(limitMs / 1_000)} seconds` : '';
    const advice = 'Start it there, or correct the setting; npm run doctor says more.';
    throw new ConfigurationError(`${where} cannot be used${tried}: ${reasonOf(cause)}. ${advice}`, { cause });
  }
}
