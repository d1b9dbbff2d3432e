import type { DataSource } from 'typeorm';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage } from './open-stage.js';

const ACCOUNTS = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization { accounts { id externalId currency timeZone status provider { id products } } }
    }
  }
`;

/** A stage whose copy jobs run on demand, with access to its database. */
export interface HistoryStage extends Stage {
  /** The active accounts of an organization with campaigns. */
  activeAccounts(identity: Identity): Promise<any[]>;
  /** Runs a job as a worker would. */
  run(name: string, data?: object, signal?: AbortSignal, subgraph?: RunningSubgraph): Promise<void>;
  /** Copies every due account, as workers would. */
  copyAll(): Promise<void>;
  /** Copies the due days of one account. */
  copy(account: { id: string }, identity: Identity, signal?: AbortSignal): Promise<void>;
  database: DataSource;
  sql<Row = any>(statement: string, values?: unknown[]): Promise<Row[]>;
}

export async function openHistoryStage(
  now: Date,
  options: Parameters<typeof openStage>[0] = {},
): Promise<HistoryStage> {
  const stage = await openStage(options);
  stage.clock.now = now;
  const database = stage.services.databases.get('integrations');
  if (!database) throw new Error('The subgraph has no database');

  const run: HistoryStage['run'] = async (name, data = {}, signal, subgraph = stage.subgraph) => {
    const job = subgraph.jobs.find((one) => one.name === name);
    if (!job) throw new Error(`There is no job ${name}`);
    await job.run(data as never, { ...testJobRun(), ...(signal && { signal }) });
  };
  const sql: HistoryStage['sql'] = (statement, values) => database.query(statement, values);

  return {
    ...stage,
    run,
    database,
    sql,
    async activeAccounts(identity) {
      const { data } = await stage.ask(identity, ACCOUNTS, { id: identity.organizationId });
      return data._entities[0].accounts.filter(
        ({ status, provider }: any) => status === 'ACTIVE' && provider.products.includes('campaigns'),
      );
    },
    copy: ({ id }, { organizationId }, signal) =>
      run('integrations.copy-history', { accountId: id, organizationId }, signal),
    async copyAll() {
      await run('integrations.open-histories');
      await run('integrations.queue-histories');
      const rows = await sql<{ accountId: string; organizationId: string }>(
        'SELECT account_id AS "accountId", organization_id AS "organizationId" FROM integrations.account_history',
      );
      for (const row of rows) await run('integrations.copy-history', row);
    },
  };
}
