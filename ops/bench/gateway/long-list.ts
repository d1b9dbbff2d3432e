import { buildSubgraphSchema } from '@apollo/subgraph';
import { integrations } from '#integrations/index.js';
import { createExecutor } from '#kit/executor.js';
import { applyPermissions } from '#kit/permission.js';
import type { Workload } from '#ops/bench/workload.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { scalars } from '#schema/scalars.js';
import { typeDefinitionsOf } from '#schema/type-definitions.js';

// The integrations subgraph over rows in memory, so that only permissions take time.

export const ROWS = 1_000;

const QUERY = /* GraphQL */ `
  query ($representations: [_Any!]!, $range: DateRangeInput!) {
    _entities(representations: $representations) {
      ... on Account {
        name
        campaigns(range: $range, first: 1000) {
          edges { cursor node {
            id name status
            metrics(range: $range) { impressions clicks cost { amount currency } conversions conversionValue { amount currency } }
          } }
          totalCount
        }
      }
    }
  }
`;

function campaign(number: number) {
  const amount = (factor: number) => ({ amount: `${number * factor}.25`, currency: 'EUR' });
  return {
    id: `campaign-${number}`,
    name: `Campaign ${number}`,
    status: number % 3 ? 'ACTIVE' : 'PAUSED',
    metrics: {
      impressions: number * 1_000,
      clicks: number * 10,
      cost: amount(7),
      conversions: number / 4,
      conversionValue: amount(30),
    },
  };
}

const edges = Array.from({ length: ROWS }, (_, number) => ({ cursor: `${number}`, node: campaign(number) }));

const resolvers = {
  ...scalars,
  Account: {
    __resolveReference: ({ id }: { id: string }) => ({ id, name: `Account ${id}` }),
    campaigns: () => ({ edges, totalCount: ROWS }),
  },
};

/** Returns the query of 1000 campaigns with and without permissions. */
export function longList(users: Identity[], logger: Logger): { guarded: Workload; bare: Workload } {
  const bare = buildSubgraphSchema({ typeDefs: typeDefinitionsOf('integrations'), resolvers });
  const askOf = (schema: typeof bare): Workload => {
    const execute = createExecutor(schema, (identity) => ({ identity }), logger);
    return async (iteration) => {
      const variables = {
        representations: [{ __typename: 'Account', id: `${iteration}` }],
        range: { start: '2026-10-01', end: '2026-10-31' },
      };
      const { data, errors } = await execute({ query: QUERY, variables }, users[iteration % users.length] as Identity);
      if (errors?.[0]) throw new Error(`The list came with an error: ${errors[0].message}`);
      return data;
    };
  };
  return { guarded: askOf(applyPermissions(bare, integrations.permissions)), bare: askOf(bare) };
}
