import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGateway } from '#gateway/federation/supergraph.js';
import { createApolloServer } from '#gateway/graph/apollo.js';
import type { Allowance } from '#gateway/limits/allowances.js';
import { openRateLimits } from '#runtime/cache/rate-limit.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { schemaFile } from '#schema/type-definitions.js';
import { readCostSchema } from './cost-schema.js';
import { countCost } from './count-cost.js';

const logger = { info() {}, warn() {}, error() {}, audit() {} } as unknown as Logger;
const supergraphSdl = readFileSync(schemaFile('supergraph.graphql'), 'utf8');
const costs = readCostSchema(supergraphSdl);

describe('the cost of an operation', () => {
  const rateLimits = openRateLimits({ logger });
  let allowance: Allowance | undefined;
  const allow = (points: number) => {
    allowance = { limit: rateLimits.open({ name: `cost-${points}`, points, windowSeconds: 60 }), key: String(points) };
  };
  const charged: number[] = [];
  let plans: object[] = [];
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl,
      dataSourceFor: () => ({ process: async () => ({ data: { plans } }) }),
    }),
    logger,
    hasIntrospection: true,
    isLimited: true,
    plugins: [
      countCost(
        () => costs,
        {
          bucketOf: async () => 'bucket',
          credentials: () => undefined,
          requests: async () => undefined,
          cost: async () => allowance,
        },
        { countCost: (_identity, cost) => charged.push(cost) },
      ),
    ],
  });
  beforeAll(() => apollo.start());
  afterAll(async () => {
    await apollo.stop();
    rateLimits.close();
  });

  const ask = async (query: string, variables = {}) => {
    const contextValue = { identity: anonymous('request-1') };
    const { body, http } = await apollo.executeOperation({ query, variables }, { contextValue });
    const { errors, extensions } = body.kind === 'single' ? body.singleResult : {};
    return { status: http.status, codes: errors?.map(({ extensions }) => extensions?.code), cost: extensions?.cost };
  };

  it('includes that of a document which is not known yet', async () => {
    allow(1_000);
    plans = [{ id: 'trial' }];
    // Six tokens, and the beginning and end of the document; ten plans assumed and one answered.
    const first = { estimated: 10, actual: 1, newDocument: 40, limit: 1_000, remaining: 959 };
    expect((await ask('{ plans { id } }')).cost).toEqual(first);
    const { newDocument, ...again } = { ...first, remaining: 958 };
    expect((await ask('{ plans { id } }')).cost).toEqual(again);
    expect(charged).toEqual([40, 1, 1]);
  });

  it('is refused for unknown documents beyond the allowance, and known ones are answered', async () => {
    allow(1_001);
    plans = [];
    await ask('{ plans { name } }');
    const refused = await ask(`{ plans { ${'name '.repeat(300)} } }`);
    expect(refused).toEqual({ status: 429, codes: ['RATE_LIMITED'], cost: undefined });
    expect((await ask('{ plans { name } }')).codes).toBeUndefined();
    // Documents that are not valid cost as much.
    for (let at = 0; at < 40; at += 1) await ask(`{ plans { unknown${at} } }`);
    expect((await ask('{ plans { other } }')).codes).toEqual(['RATE_LIMITED']);
  });

  it('is charged beyond the estimate, below zero', async () => {
    allow(1_002);
    plans = Array.from({ length: 2_000 }, (_, at) => ({ id: String(at) }));
    const { cost } = await ask('{ plans { id } }');
    expect(cost).toMatchObject({ estimated: 10, actual: 2_000 + 28, remaining: 0 });
    plans = [];
    expect((await ask('{ plans { id } }')).codes).toEqual(['RATE_LIMITED']);
  });

  it('counts the bytes of introspection', async () => {
    allow(200_000);
    const { cost } = await ask('{ __schema { types { name description fields { name description } } } }');
    expect(cost).toMatchObject({ estimated: expect.any(Number) });
    const { estimated, actual } = cost as { estimated: number; actual: number };
    expect(actual).toBeGreaterThan(20);
    expect(estimated).toBeGreaterThanOrEqual(actual);
  });

  it.each<[string, string, string, object]>([
    ['a variable left out', 'query ($f: Int! = 1000)', '$f', {}],
    ['a variable', 'query ($f: Int!)', '$f', { f: 1_000 }],
    ['a number in the document', 'query', '1000', {}],
  ])('follows %s', async (_what, head, first, variables) => {
    allow(300_000);
    const rows = `rows(section: "performance", first: ${first}) { edges { node { cells } } }`;
    const query = `${head} { organization { reports(first: ${first}) { edges { node { ${rows} } } } } }`;
    const { status, codes } = await ask(query, variables);
    expect({ status, codes }).toEqual({ status: 400, codes: ['COST_LIMIT_EXCEEDED'] });
  });
});
