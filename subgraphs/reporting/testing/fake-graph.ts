import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import type { Days } from '#reporting/dataset/dataset.js';
import { type Caller, type GraphClient, type GraphOperation, GraphRequestFailed } from '#runtime/http/graph-client.js';
import { schemaFile } from '#schema/type-definitions.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

/** An account of the fake graph. */
export interface FakeAccount {
  id: string;
  externalId: string;
  name: string;
  currency: string;
  timeZone: string;
  status: string;
  isReadOnly: boolean;
  provider: { id: string; name: string };
  connection: { id: string; status: string };
  /** How complete its figures are. */
  source: { state: string; code?: string; message?: string };
}

/** A row of advertising: a campaign of an account. */
export interface FakeCampaign {
  account: string;
  name: string;
  cost: string;
  currency: string;
}

interface ListArguments {
  first: number;
  after?: string | null;
  range?: Days;
  compareTo?: string | null;
  compareRange?: Days | null;
  month?: string;
  currency?: string | null;
}

const COMPARED = { start: '2026-09-01', end: '2026-09-30' };
const metricsOf = (cost: string, currency: string) => ({
  impressions: 1_000,
  clicks: 10,
  cost: { amount: cost, currency },
  conversions: 0.1,
  conversionValue: { amount: '5.05', currency },
  ctr: 0.01,
  cpc: { amount: '0.11', currency },
  cpm: { amount: '1.1', currency },
  cpa: null,
  roas: 4.59,
});
const CONVERSION = {
  source: 'European Central Bank',
  sourceUrl: 'https://www.ecb.europa.eu',
  checkedAt: null,
  rates: [
    { currency: 'USD', from: '2026-10-01', to: '2026-10-30', rate: null, earlier: [] },
    { currency: 'GBP', from: '2026-10-30', to: '2026-10-30', rate: '1.15', earlier: [] },
  ],
};
const changeOf = (percent: number | null) => ({ absolute: '1', percent });
const changes = Object.fromEntries(
  Object.keys(metricsOf('0', 'EUR')).map((name) => [name, changeOf(name === 'cost' ? 12.5 : null)]),
);

/** Executes operations on the real schema of the API and the test's rows. */
export class FakeGraph implements GraphClient {
  accounts: FakeAccount[] = [];
  campaigns: FakeCampaign[] = [];
  /** Nodes of the other lists of the organization, by field. */
  readonly lists: Record<string, Record<string, unknown>[]> = {};
  readonly operations: { name: string; variables: Record<string, unknown>; organizationId: string }[] = [];
  /** Called before each operation of a job; may throw. */
  beforeAnswer: () => Promise<void> | void = () => {};

  async query<Data>(operation: GraphOperation, caller: Caller) {
    const { data, errors } = await this.queryPartly<Data>(operation, caller);
    if (errors[0]) throw errors[0];
    return data;
  }

  async queryPartly<Data>({ query, variables }: GraphOperation, caller: Caller) {
    const name = /^(?:query) (\w+)/m.exec(query)?.[1] ?? '';
    // What an order asks is not of the job.
    if (name !== 'ResolveReportDays') {
      this.operations.push({ name, variables, organizationId: caller.organizationId });
      await this.beforeAnswer();
    }
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, rootValue: this.#root });
    const failures = (errors ?? []).map(
      ({ message, extensions, path }) =>
        new GraphRequestFailed(message, String(extensions.code ?? 'GRAPHQL_VALIDATION_FAILED'), { path }),
    );
    if (!data) throw failures[0];
    return { data: data as Data, errors: failures };
  }

  readonly #root = {
    client: ({ id }: { id: string }) => {
      if (id.startsWith('00000000')) {
        throw new GraphQLError('There is no client with this id.', { extensions: { code: 'NOT_FOUND' } });
      }
      const client = { id, name: `Client ${id.slice(0, 4)}`, version: 1, createdAt: '', updatedAt: '' };
      return { ...client, isReadOnly: false, accounts: [] };
    },
    organization: {
      name: 'Harbour Agency',
      timeZone: 'Europe/Berlin',
      figureDays: ({ range, compareTo, compareRange }: ListArguments) => ({
        range: range ?? { start: '2026-10-03', end: '2026-11-01' },
        compared: compareRange ?? (compareTo ? COMPARED : null),
      }),
      accounts: () => this.accounts,
      performance: (given: ListArguments) => this.#performance(given),
      ...Object.fromEntries(
        ['searchQueries', 'analytics', 'places', 'posts', 'budgets'].map((field) => [
          field,
          (given: ListArguments) => this.#list(this.lists[field] ?? [], given),
        ]),
      ),
    },
  };

  #list(nodes: Record<string, unknown>[], { first, after, range, compareTo, compareRange, month }: ListArguments) {
    const start = after ? Number(after) : 0;
    const end = start + first;
    return {
      edges: nodes.slice(start, end).map((node) => ({ node })),
      pageInfo: { hasNextPage: end < nodes.length, endCursor: String(end) },
      totalCount: nodes.length,
      range,
      compared: compareRange ?? (compareTo ? COMPARED : null),
      totals: { metrics: { clicks: 0, impressions: 0, further: [] } },
      sources: [],
      unreadable: [],
      month,
    };
  }

  #performance(given: ListArguments) {
    const isCompared = Boolean(given.compareTo || given.compareRange);
    const compared = (cost: string, currency: string) =>
      isCompared ? { previous: metricsOf(cost, currency), change: changes } : {};
    const nodes = this.campaigns.map(({ account: id, name, cost, currency }) => {
      const account = this.accounts.find((one) => one.id === id);
      return {
        provider: account?.provider,
        account,
        campaign: { id: `campaign-${name}`, externalId: name, name },
        status: 'ACTIVE',
        currency,
        metrics: metricsOf(cost, currency),
        ...compared('1', currency),
      };
    });
    const currencies = [...new Set(this.accounts.map(({ currency }) => currency))];
    return {
      ...this.#list(nodes, given),
      conversion: given.currency ? { ...CONVERSION, currency: given.currency } : null,
      totals: currencies.map((currency) => ({
        currency,
        metrics: metricsOf('99.5', currency),
        ...compared('1', currency),
      })),
      sources: this.accounts.map(({ source, ...account }) => ({ account, ...source, reportedThrough: '2026-10-31' })),
    };
  }
}

/** Returns an account that is connected and read in full. */
export function fakeAccount(name: string, source: FakeAccount['source'] = { state: 'COMPLETE' }): FakeAccount {
  return {
    id: `account-${name}`,
    externalId: name,
    name,
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    status: 'ACTIVE',
    isReadOnly: false,
    provider: { id: 'google-ads', name: 'Google Ads' },
    connection: { id: 'connection', status: 'ACTIVE' },
    source,
  };
}

/** Returns a campaign of an account with this cost. */
export const fakeCampaign = (account: string, name: string, cost: string, currency = 'EUR'): FakeCampaign => ({
  account: `account-${account}`,
  name,
  cost,
  currency,
});
