import type pg from 'pg';
import type { Check } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { reasonOf } from '#runtime/log/reason-of.js';

/** From here on, figures visibly lag behind. */
const LAG_SECONDS = 60;

interface Replica {
  isReplica: boolean;
  /** Since the last replayed transaction, while the primary sends more. */
  lag: number;
}

// A quiet primary sends nothing, and nothing lags.
const LOOK = `
  SELECT pg_is_in_recovery() AS "isReplica",
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
      ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END::int AS lag`;

async function look(client: pg.Client, url: string): Promise<Finding[]> {
  const { rows } = await client.query<Replica>(LOOK);
  const { isReplica, lag } = rows[0] as Replica;
  const { host } = new URL(url);
  if (!isReplica) {
    return [warning(`${host} is no replica`, 'Point DATABASE_READ_URL to a replica of DATABASE_URL, or remove it.')];
  }
  if (lag <= LAG_SECONDS) return [ok(`${host} replicates, ${lag} s behind`)];
  return [
    warning(`${host} is ${lag} s behind`, 'Look at its load and network: figures are as old until it has caught up.'),
  ];
}

export const readReplica: Check = {
  name: 'Read replica',
  run: async ({ config: { databaseReadUrl } }) => {
    if (!databaseReadUrl) return [];
    try {
      return await withDatabase(databaseReadUrl, (client) => look(client, databaseReadUrl));
    } catch (error) {
      const message = `${new URL(databaseReadUrl).host} cannot be used (${reasonOf(error)})`;
      return [problem(message, 'Start it, or correct DATABASE_READ_URL; until then the primary answers.')];
    }
  },
};
