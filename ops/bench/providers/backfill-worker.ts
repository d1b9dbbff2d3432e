import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { SubgraphResponse } from '#kit/executor.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { subgraphs } from '#subgraphs/index.js';

// A worker for one backfill, whose memory is measured alone. The parent sends BackfillOptions.

const SAMPLE_EVERY_MS = 20;
const DAY_MS = 24 * 60 * 60 * 1000;
const ACCOUNT = '1029384756';

const AUTHORIZE = 'mutation { authorizeConnection(providerId: "google-ads") { authorizeUrl } }';
const RECEIVE = `mutation ($state: String!, $code: String) {
  receiveConsent(providerId: "google-ads", state: $state, code: $code) { completionCode }
}`;
const COMPLETE = `mutation ($code: String!) {
  completeConnection(code: $code) { connection { accounts { id externalId } } }
}`;
const BACKFILL = `mutation ($id: ID!, $from: Date!) {
  backfillHistory(accountId: $id, from: $from) { account { history { daysTotal } } }
}`;

export interface BackfillOptions {
  settings: Environment;
  days: number;
}

export interface BackfillOutcome {
  rows: number;
  days: number;
  calls: number;
  seconds: number;
  /** Resident memory before the start and at its maximum. */
  idleBytes: number;
  peakBytes: number;
}

const owner: Identity = {
  kind: 'user',
  userId: '00000000-0000-4000-8000-000000000001',
  organizationId: '00000000-0000-4000-8000-000000000002',
  role: 'OWNER',
  scopes: [],
  requestId: 'bench',
};
const service: Identity = { kind: 'service', scopes: [], requestId: 'bench' };

// biome-ignore lint/suspicious/noExplicitAny: each answer is read once, right where it was asked for
async function ask(subgraph: RunningSubgraph, who: Identity, query: string, variables = {}): Promise<any> {
  const { data, errors }: SubgraphResponse = await subgraph.execute({ query, variables }, who);
  if (errors?.[0]) throw new Error(errors[0].message);
  return data;
}

async function connect(subgraph: RunningSubgraph): Promise<string> {
  const { authorizeConnection } = await ask(subgraph, owner, AUTHORIZE);
  const body = new URLSearchParams({ decision: 'allow' });
  const decided = await fetch(authorizeConnection.authorizeUrl, { method: 'POST', redirect: 'manual', body });
  const callback = Object.fromEntries(new URL(String(decided.headers.get('location'))).searchParams);
  const { receiveConsent } = await ask(subgraph, service, RECEIVE, callback);
  const { completeConnection } = await ask(subgraph, owner, COMPLETE, { code: receiveConsent.completionCode });
  type Account = { id: string; externalId: string };
  const accounts: Account[] = completeConnection.connection.accounts;
  return accounts.find(({ externalId }) => externalId === ACCOUNT)?.id as string;
}

async function backFill({ settings, days }: BackfillOptions, lifecycle: Lifecycle): Promise<BackfillOutcome> {
  const logger = createLogger({ level: 'silent', isPretty: false });
  const config = parseConfig(settings);
  const services = await openServices(openBaseServices({ config, logger, lifecycle }));
  const subgraph = await (await subgraphs.integrations()).open(services);
  const accountId = await connect(subgraph);
  // In the account's time zone it may still be yesterday.
  const from = new Date(Date.now() - (days + 1) * DAY_MS).toISOString().slice(0, 10);
  await ask(subgraph, owner, BACKFILL, { id: accountId, from });
  const job = subgraph.jobs.find(({ name }) => name === 'integrations.copy-history');
  let calls = 0;
  const run: JobRun = {
    signal: new AbortController().signal,
    attempt: 1,
    reportProgress: async () => {
      calls += 1;
    },
    once: async () => true,
  };
  const idleBytes = process.memoryUsage.rss();
  let peakBytes = idleBytes;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, SAMPLE_EVERY_MS);
  const startedAt = performance.now();
  await job?.run({ accountId, organizationId: owner.organizationId } as never, run);
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(sampling);
  const database = services.databases.get('integrations');
  if (!database) throw new Error('The subgraph has no database');
  const [counted] = await database.query<[Pick<BackfillOutcome, 'rows' | 'days'>]>(
    `SELECT (SELECT count(*)::int FROM integrations.daily_metrics) AS rows,
       (SELECT count(*)::int FROM integrations.history_day) AS days`,
  );
  return { ...counted, calls, seconds, idleBytes, peakBytes };
}

process.once('message', async (options: BackfillOptions) => {
  const lifecycle = new Lifecycle(createLogger({ level: 'silent', isPretty: false }));
  try {
    process.send?.(await backFill(options, lifecycle));
  } finally {
    await lifecycle.close();
    process.disconnect();
  }
});
