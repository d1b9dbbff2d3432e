import { MongoClient } from 'mongodb';
import type pg from 'pg';
import { type Check, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, warning } from '#ops/setup/doctor/finding.js';
import { withFirstHost } from '#runtime/config/variables.js';
import { POSTGRESQL, queueAddress } from '#runtime/jobs/queue-address.js';
import { reasonOf } from '#runtime/log/reason-of.js';

interface FormerQueue {
  address: string;
  lastStartedAt: Date | null;
}

/** Jobs by kind. Those of a schedule are in every queue. */
type Left = { name: string; count: number }[];

const exists = async (client: pg.Client, table: string) => {
  const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
  return rows[0]?.exists ?? false;
};

async function findFormer(client: pg.Client, present: string): Promise<FormerQueue[]> {
  if (!(await exists(client, 'operations.job_queue'))) return [];
  const { rows } = await client.query<FormerQueue>(
    `SELECT address, last_started_at AS "lastStartedAt" FROM operations.job_queue WHERE address <> $1 ORDER BY last_started_at DESC`,
    [present],
  );
  // Jobs of an installation that has recorded none.
  const isKnown = present === POSTGRESQL || rows.some(({ address }) => address === POSTGRESQL);
  return isKnown ? rows : [...rows, { address: POSTGRESQL, lastStartedAt: null }];
}

async function leftInPostgres(client: pg.Client): Promise<Left> {
  if (!(await exists(client, 'jobs.agenda_jobs'))) return [];
  const { rows } = await client.query<{ name: string; count: number }>(
    `SELECT name, count(*)::integer AS count FROM jobs.agenda_jobs WHERE type = 'normal' GROUP BY name ORDER BY name`,
  );
  return rows;
}

/** With the user of the present queue, where there is one: the password of one of before is not kept. */
async function leftInMongo(address: string, mongodbUrl: string | undefined): Promise<Left> {
  const url = new URL(address);
  if (mongodbUrl) {
    const { username, password, search } = new URL(withFirstHost(mongodbUrl));
    Object.assign(url, { username, password, search });
  }
  const times = { serverSelectionTimeoutMS: serviceTimeoutMs(), connectTimeoutMS: serviceTimeoutMs() };
  const client = new MongoClient(url.href, {
    ...times,
    socketTimeoutMS: serviceTimeoutMs(),
    appName: 'webmetrics doctor',
  });
  try {
    const jobs = client.db().collection<{ name: string }>('agendaJobs');
    const found = await jobs.find({ type: 'normal' }, { projection: { name: 1 } }).toArray();
    const counts = new Map<string, number>();
    for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].sort().map(([name, count]) => ({ name, count }));
  } finally {
    void client.close().catch(() => {});
  }
}

async function lookInto(
  { address, lastStartedAt }: FormerQueue,
  mongodbUrl: string | undefined,
  client: pg.Client,
): Promise<Finding[]> {
  const since = lastStartedAt ? `, last used by a start at ${lastStartedAt.toISOString()}` : '';
  const setting = address === POSTGRESQL ? 'without MONGODB_URL' : `with MONGODB_URL=${address} and its user`;
  try {
    const left = address === POSTGRESQL ? await leftInPostgres(client) : await leftInMongo(address, mongodbUrl);
    if (left.length === 0) return [];
    const kinds = left.map(({ name, count }) => `${name} ${count}`).join(', ');
    return [
      warning(
        `Jobs are left in the queue of before, ${address}${since}: ${kinds}`,
        `Run npm run worker ${setting} until they are done, then stop it; what is given up there is shown by npm run doctor ${setting}.`,
      ),
    ];
  } catch (error) {
    const message = `The queue of before, ${address}${since}, cannot be looked at (${reasonOf(error)})`;
    return [
      warning(
        message,
        `Look with npm run doctor ${setting}; once nothing is left, delete its row of operations.job_queue.`,
      ),
    ];
  }
}

/** Looks for jobs in queues that MONGODB_URL no longer names. */
export const formerQueues: Check = {
  name: 'Queues of before',
  run: async ({ databaseUrl, config: { mongodbUrl } }) => {
    if (!databaseUrl) return [];
    // A database that cannot be reached is a finding of its own.
    return withDatabase(databaseUrl, async (client) => {
      const findings: Finding[] = [];
      for (const queue of await findFormer(client, queueAddress(mongodbUrl))) {
        findings.push(...(await lookInto(queue, mongodbUrl, client)));
      }
      return findings;
    }).catch(() => []);
  },
};
