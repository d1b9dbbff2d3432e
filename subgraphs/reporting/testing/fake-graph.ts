import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import type { CampaignNode } from '#reporting/services/campaign-pages.js';
import { type Caller, type GraphClient, GraphRequestFailed } from '#runtime/http/graph-client.js';
import { schemaFile } from '#schema/type-definitions.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

/** An account with its campaigns in pages. */
export interface FakeAccount {
  id: string;
  name: string;
  currency: string;
  status: string;
  provider: { name: string };
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

  async query<Data>({ query, variables }: { query: string; variables: Record<string, unknown> }, caller: Caller) {
    this.operations.push({ variables, organizationId: caller.organizationId });
    await this.beforeAnswer();
    const rootValue = {
      organization: { accounts: () => this.accounts },
      account: ({ id }: { id: string }) => this.#accountOf(id),
    };
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, rootValue });
    const [first] = errors ?? [];
    if (first)
      throw new GraphRequestFailed(first.message, String(first.extensions.code ?? 'GRAPHQL_VALIDATION_FAILED'));
    return data as Data;
  }

  #accountOf(id: string) {
    const account = this.accounts.find((candidate) => candidate.id === id);
    if (!account) throw new GraphQLError('There is no account with this id.', { extensions: { code: 'NOT_FOUND' } });
    return {
      campaigns: ({ after }: CampaignsArguments) => {
        const index = after === null ? 0 : Number(after) + 1;
        return {
          edges: (account.pages[index] ?? []).map((node) => ({ node })),
          pageInfo: { hasNextPage: index + 1 < account.pages.length, endCursor: String(index) },
        };
      },
    };
  }
}

/** Returns an account with these pages of campaigns. */
export function fakeAccount(name: string, pages: CampaignNode[][] = [[]], currency = 'EUR'): FakeAccount {
  return { id: `account-${name}`, name, currency, status: 'ACTIVE', provider: { name: 'Google Ads' }, pages };
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
