import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import type { Days } from '#reporting/dataset/dataset.js';
import type { CampaignNode } from '#reporting/services/campaign-pages.js';
import { type Caller, type GraphClient, type GraphOperation, GraphRequestFailed } from '#runtime/http/graph-client.js';
import { schemaFile } from '#schema/type-definitions.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

/** An account with its campaigns in pages. */
export interface FakeAccount {
  id: string;
  name: string;
  currency: string | null;
  status: string;
  provider: { name: string; products: string[] };
  /** With which it answers instead of campaigns. */
  error?: { message: string; code: string };
  unreadable?: { row: string; field: string }[];
  pages: CampaignNode[][];
}

interface CampaignsArguments {
  range: unknown;
  first: number;
  after: string | null;
}

/** Executes operations on the real API schema and the test's accounts. */
export class FakeGraph implements GraphClient {
  accounts: FakeAccount[] = [];
  readonly operations: { variables: Record<string, unknown>; organizationId: string }[] = [];
  /** Called before each operation; may throw. */
  beforeAnswer: () => Promise<void> | void = () => {};

  async query<Data>(operation: GraphOperation, caller: Caller) {
    const { data, errors } = await this.queryPartly<Data>(operation, caller);
    if (errors[0]) throw errors[0];
    return data;
  }

  async queryPartly<Data>({ query, variables }: GraphOperation, caller: Caller) {
    // What an order asks is not of the job.
    if (!query.includes('query ResolveReportDays')) {
      this.operations.push({ variables, organizationId: caller.organizationId });
      await this.beforeAnswer();
    }
    const rootValue = {
      organization: {
        name: 'Harbour Agency',
        timeZone: 'Europe/Berlin',
        figureDays: ({ range, compareRange }: { range?: Days; compareRange?: Days }) => ({
          range: range ?? { start: '2026-10-03', end: '2026-11-01' },
          compared: compareRange ?? null,
        }),
        accounts: () => this.accounts,
      },
      account: ({ id }: { id: string }) => this.#accountOf(id),
    };
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, rootValue });
    const failures = (errors ?? []).map(
      ({ message, extensions, path }) =>
        new GraphRequestFailed(message, String(extensions.code ?? 'GRAPHQL_VALIDATION_FAILED'), path),
    );
    if (!data) throw failures[0];
    return { data: data as Data, errors: failures };
  }

  #accountOf(id: string) {
    const account = this.accounts.find((candidate) => candidate.id === id);
    if (!account) throw new GraphQLError('There is no account with this id.', { extensions: { code: 'NOT_FOUND' } });
    return {
      campaigns: ({ after }: CampaignsArguments) => {
        const { error } = account;
        if (error) throw new GraphQLError(error.message, { extensions: { code: error.code } });
        const index = after === null ? 0 : Number(after) + 1;
        return {
          edges: (account.pages[index] ?? []).map((node) => ({ node })),
          unreadable: account.unreadable ?? [],
          pageInfo: { hasNextPage: index + 1 < account.pages.length, endCursor: String(index) },
        };
      },
    };
  }
}

const GOOGLE_ADS = { name: 'Google Ads', products: ['campaigns'] };

/** Returns an account with these pages of campaigns. */
export function fakeAccount(name: string, pages: CampaignNode[][] = [[]], currency = 'EUR'): FakeAccount {
  return { id: `account-${name}`, name, currency, status: 'ACTIVE', provider: GOOGLE_ADS, pages };
}

/** Returns a campaign with this cost. */
export function fakeCampaign(name: string, cost: string, currency = 'EUR'): CampaignNode {
  const metrics = {
    impressions: 1_000,
    clicks: 10,
    cost: { amount: cost, currency },
    conversions: 0.1,
    conversionValue: { amount: '5.05', currency },
  };
  return { name, status: 'ACTIVE', metrics };
}
