import { createHash } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type GraphQLFormattedError, getOperationAST, parse } from 'graphql';
import { registry } from '#runtime/telemetry/registry.js';
import { createExecutionGateway, type ExecutionGatewayOptions, type GatewayExecutor } from './execution-gateway.js';
import type { Planner } from './planning/planner.js';

const subgraphs = {
  shops: /* GraphQL */ `
    type Query {
      shops: [Shop!]
      best: Shop
    }
    type Mutation {
      open(name: String!): Shop
    }
    type Shop @key(fields: "id") {
      id: ID!
      owner: Person
      clerks: [Person!]
      size: Int!
    }
    type Person @key(fields: "id") {
      id: ID!
    }
  `,
  people: /* GraphQL */ `
    type Person @key(fields: "id") {
      id: ID!
      name(first: Int): String!
      mood: Mood
    }
    enum Mood {
      HAPPY
      HIDDEN @inaccessible
    }
  `,
};

function compose(changed: Partial<typeof subgraphs> = {}): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries({ ...subgraphs, ...changed }).map(([name, text]) => ({
      name,
      url: `http://${name}`,
      typeDefs: parse(
        `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@inaccessible"]) ${text}`,
      ),
    })),
  );
  if (!supergraphSdl) throw new Error(errors?.join('\n'));
  return supergraphSdl;
}

const sdl = compose();

interface Asked {
  subgraph: string;
  query: string;
  variables: Record<string, unknown>;
}
interface Answer {
  data?: unknown;
  errors?: GraphQLFormattedError[];
}
type Respond = (asked: Asked) => Answer;

async function open(respond: Respond, options: Partial<ExecutionGatewayOptions> = {}, supergraph: unknown = sdl) {
  const asked: Asked[] = [];
  const buildService = ({ name }: { name: string }): GraphQLDataSource => ({
    process: async ({ request: { query = '', variables = {} } }) => {
      const given = { subgraph: name, query, variables };
      asked.push(given);
      return structuredClone(respond(given)) as never;
    },
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({ supergraphSdl: supergraph as string, buildService, logger: silent });
  const { executor } = await createExecutionGateway({ gateway, buildService, ...options }).load({ apollo: {} });
  const run =
    (by: GatewayExecutor) =>
    async (query: string, variables: Record<string, unknown> = {}, more: object = {}) => {
      const document = parse(query);
      const result = await by({
        request: { query, variables },
        source: query,
        document,
        queryHash: createHash('sha256').update(query).digest('hex'),
        operation: getOperationAST(document),
        context: {},
        metrics: {},
        logger: silent,
        ...more,
      } as never);
      return JSON.parse(JSON.stringify(result));
    };
  return { asked, run: run(executor as GatewayExecutor), runByApollo: run(gateway.executor) };
}

const people = ({ variables }: Asked, more: object = {}): object[] =>
  (variables.representations as { id: string }[]).map(({ id }) => ({ name: `Person ${id}`, ...more }));

const shops = {
  shops: [
    { __typename: 'Shop', id: '1', owner: { __typename: 'Person', id: 'a' }, clerks: [] },
    {
      __typename: 'Shop',
      id: '2',
      owner: { __typename: 'Person', id: 'a' },
      clerks: [
        { __typename: 'Person', id: 'a' },
        { __typename: 'Person', id: 'b' },
      ],
    },
  ],
};

async function fallbacks(reason: string): Promise<number> {
  const metric = await registry.getSingleMetric('webmetrics_gateway_execution_fallbacks_total')?.get();
  return metric?.values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
}

beforeEach(() => registry.resetMetrics());

describe('entities', () => {
  it('are asked for once, whatever places they are at, and errors name each of these', async () => {
    const { asked, run, runByApollo } = await open((request) =>
      request.subgraph === 'shops'
        ? { data: shops }
        : {
            data: { _entities: people(request) },
            errors: [{ message: 'Moody', path: ['_entities', 0, 'mood'], extensions: { code: 'MOODY' } }],
          },
    );
    const query = '{ shops { owner { name mood } clerks { name mood } } }';
    const { data, errors } = await run(query);
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['shops', 'people']);
    expect(asked[1]?.variables.representations).toEqual([
      { __typename: 'Person', id: 'a' },
      { __typename: 'Person', id: 'b' },
    ]);
    const byApollo = await runByApollo(query);
    expect(JSON.stringify(data)).toBe(JSON.stringify(byApollo.data));
    expect(errors.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
      'shops.0.owner.mood',
      'shops.1.owner.mood',
      'shops.1.clerks.0.mood',
    ]);
    expect(errors[0]).toMatchObject({ message: 'Moody', extensions: { code: 'MOODY', serviceName: 'people' } });
  });

  it('are asked for by one operation with aliases where the fields differ, and again where only the others failed', async () => {
    let failure: string | undefined;
    const { asked, run } = await open((request) => {
      if (request.subgraph === 'shops') return { data: shops };
      if (failure && request.query.includes('_e1'))
        return { data: null, errors: [{ message: 'Lost', path: [failure] }] };
      const named = Object.entries(request.variables).filter(([name]) => name.startsWith('representations'));
      const lists = named.map(([, list]) => people({ ...request, variables: { representations: list } }, { n: 'x' }));
      return { data: { _entities: lists[0], ...(lists[1] && { _e1: lists[1] }) } };
    });
    const query = '{ shops { owner { name } clerks { n: name(first: 1) } } }';
    const expected = [
      { owner: { name: 'Person a' }, clerks: [] },
      { owner: { name: 'Person a' }, clerks: [{ n: 'x' }, { n: 'x' }] },
    ];
    expect(await run(query)).toEqual({ data: { shops: expected } });
    expect(asked.map(({ variables }) => Object.keys(variables).length)).toEqual([0, 2]);
    failure = '_e1';
    const { data, errors } = await run(query);
    expect(asked.slice(2).map(({ query: text }) => text.includes('_e1'))).toEqual([false, true, false]);
    expect(data.shops).toEqual([expected[0], { owner: { name: 'Person a' }, clerks: null }]);
    expect(errors).toMatchObject([{ message: 'Lost', path: ['shops', '@', 'clerks', '@', '_entities'] }]);
  });

  it.each([
    ['apart where they are refused together, and from then on', 'GRAPHQL_VALIDATION_FAILED', [4, 3], 1],
    ['apart where a server refuses without a code', undefined, [4, 3], 1],
    ['no more where the subgraph has another reason', 'UNAUTHENTICATED', [2, 2], 2],
  ])('are asked for %s', async (_what, code, calls, answered) => {
    const { asked, run } = await open((request) => {
      if (request.subgraph === 'shops') return { data: shops };
      if (!request.query.includes('mood')) return { data: { _entities: people(request) } };
      return { errors: [{ message: 'There is no mood.', ...(code && { extensions: { code } }) }] };
    });
    for (const times of calls) {
      asked.length = 0;
      const { data, errors } = await run('{ best { size } shops { owner { name } clerks { mood } } }');
      expect(asked).toHaveLength(times);
      expect(data.shops[1].owner).toEqual(answered === 1 ? { name: 'Person a' } : null);
      expect(data.shops[1].clerks).toEqual([{ mood: null }, { mood: null }]);
      expect(errors).toMatchObject([{ message: 'There is no mood.' }]);
    }
  });

  it('of three places are one request, where the executor of Apollo makes three', async () => {
    const { asked, run, runByApollo } = await open((request) => {
      if (request.subgraph === 'shops') return { data: { ...shops, best: shops.shops[1] } };
      return { data: { _entities: people(request, { friend: { __typename: 'Person', id: 'c' } }) } };
    });
    const query = '{ best { owner { name } } shops { owner { name } clerks { name } } }';
    expect(await run(query)).toEqual(await runByApollo(query));
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['shops', 'people', 'shops', 'people', 'people', 'people']);
  });

  it('of one place do not change those of another, though they were answered together', async () => {
    const { run } = await open((request) => {
      if (request.subgraph === 'shops') return { data: shops };
      return { data: { _entities: people(request, { mood: 'HAPPY' }) } };
    });
    const { data } = await run('{ shops { owner { mood name } clerks { mood name } } }');
    expect(data.shops[1].owner).not.toBe(data.shops[1].clerks[0]);
    expect(data.shops[1]).toEqual({
      owner: { mood: 'HAPPY', name: 'Person a' },
      clerks: [
        { mood: 'HAPPY', name: 'Person a' },
        { mood: 'HAPPY', name: 'Person b' },
      ],
    });
  });
});

describe('an answer', () => {
  it('has the fields asked for, in their order, under the conditions of its variables', async () => {
    const { run, runByApollo } = await open(() => ({
      data: { best: { __typename: 'Shop', size: 3, id: '7', a: '7', more: true }, constructor: 1 },
    }));
    const query = /* GraphQL */ `
      query Q($size: Boolean!, $id: Boolean = true) {
        __typename
        best { ... on Shop @include(if: $size) { size } id @skip(if: $id) a: id __typename ...S }
        __type(name: "Mood") { values: enumValues { name } }
      }
      fragment S on Shop { id @include(if: $id) }`;
    for (const variables of [{ size: true }, { size: false, id: false }, { size: true, id: true }]) {
      const ours = JSON.stringify(await run(query, variables));
      expect(ours).toBe(JSON.stringify(await runByApollo(query, variables)));
      expect(ours).toContain('"best":{');
      expect(ours).toContain('"values":[{"name":"HAPPY"}]');
    }
  });

  it.each([
    ['null where there must be a value', { best: { __typename: 'Shop', size: null } }],
    ['a value of another type', { best: { __typename: 'Shop', size: '3' } }],
    ['an unknown type', { best: { __typename: 'Nonsense', size: 3 } }],
    ['a list', { best: [] }],
    ['text', { best: 'text' }],
    ['nothing', null],
  ])('to %s is that of Apollo', async (_what, data) => {
    const { run, runByApollo } = await open(() => ({ data }));
    const query = '{ best { size } shops { size } }';
    const [ours, byApollo] = [await run(query), await runByApollo(query)];
    expect(JSON.stringify(ours.data)).toBe(JSON.stringify(byApollo.data));
    expect(ours.extensions).toEqual(byApollo.extensions);
    expect(ours.errors?.length).toBe(byApollo.errors?.length);
  });

  it('hides what is inaccessible', async () => {
    const { run } = await open((request) =>
      request.subgraph === 'shops' ? { data: shops } : { data: { _entities: people(request, { mood: 'HIDDEN' }) } },
    );
    const { data, extensions } = await run('{ shops { owner { mood } } }');
    expect(data.shops[0].owner).toEqual({ mood: null });
    expect(extensions.valueCompletion[0]).toMatchObject({ message: 'Invalid value found for field Person.mood.' });
  });
});

describe('an operation', () => {
  const best = () => ({ data: { best: { size: 1 } } });
  const query = 'query Q($is: Boolean = true) { best { size @include(if: $is) } }';

  it('is planned and compiled once, however many ask at the same time, and again after a failure', async () => {
    const { queryPlanner } = await (async () => {
      const gateway = new ApolloGateway({ supergraphSdl: sdl });
      await gateway.load();
      return gateway.__testing();
    })();
    let plans = 0;
    const planner: Planner = {
      plan: async ({ operation }) => {
        plans += 1;
        if (plans === 1) throw new Error('Not yet.');
        return queryPlanner!.buildQueryPlan(operation);
      },
    };
    const { run } = await open(best, { createPlanner: () => planner });
    await expect(run(query)).rejects.toThrow('Not yet.');
    const results = await Promise.all([run(query), run(query, { is: false }), run(query)]);
    expect(results.map(({ data }) => data.best)).toEqual([{ size: 1 }, {}, { size: 1 }]);
    await run(query);
    expect(plans).toBe(2);
    const { errors } = await run(query, { is: 'yes' });
    expect(errors[0].message).toContain('Variable "$is" got invalid value');
  });

  it('is left to the executor of Apollo where its plan is unknown or a trace is asked for, and counted', async () => {
    const planner: Planner = { plan: () => ({ kind: 'QueryPlan', node: { kind: 'Defer' } as never }) };
    const unknown = await open(best, { createPlanner: () => planner });
    expect(await unknown.run(query)).toEqual({ data: { best: { size: 1 } } });
    expect(await fallbacks('plan')).toBe(1);
    const { run } = await open(best);
    await run(query, {}, { metrics: { captureTraces: true, startHrTime: process.hrtime() } });
    expect(await fallbacks('trace')).toBe(1);
    await run(query);
    expect([await fallbacks('plan'), await fallbacks('trace'), await fallbacks('compilation')]).toEqual([1, 1, 0]);
  });

  it('is left to the executor of Apollo where the planner cannot be made for an update; a gateway that cannot begin does not load', async () => {
    let update: ((sdl: string) => void) | undefined;
    const manager = async (options: { update(sdl: string): void }) => {
      update = options.update;
      return { supergraphSdl: sdl };
    };
    const createPlanner = (text: string): Planner => {
      if (text !== sdl) throw new Error('There is no planner.');
      return { plan: () => ({ kind: 'QueryPlan' }) };
    };
    const { run } = await open(best, { createPlanner }, manager);
    expect(await run(query)).toEqual({ data: { best: null } });
    update?.(compose({ people: 'type Person @key(fields: "id") { id: ID! surname: String }' }));
    expect(await run(query)).toEqual({ data: { best: { size: 1 } } });
    expect(await fallbacks('compilation')).toBe(1);
    const failing = open(best, { createPlanner: () => createPlanner('other') });
    await expect(failing).rejects.toThrow('There is no planner.');
  });

  it('runs to its end on the supergraph it began on, and the next on the new one', async () => {
    let update: ((sdl: string) => void) | undefined;
    let meanwhile = () => {};
    const manager = async (options: { update(sdl: string): void }) => {
      update = options.update;
      return { supergraphSdl: sdl };
    };
    const { run } = await open(
      (request) => {
        meanwhile();
        return request.subgraph === 'shops' ? { data: shops } : { data: { _entities: people(request) } };
      },
      {},
      manager,
    );
    const named = '{ shops { owner { name } } }';
    meanwhile = () => {
      meanwhile = () => {};
      update?.(compose({ people: 'type Person @key(fields: "id") { id: ID! surname: String }' }));
    };
    expect((await run(named)).data.shops[0]).toEqual({ owner: { name: 'Person a' } });
    expect((await run('{ shops { owner { surname } } }')).data.shops[0]).toEqual({ owner: { surname: null } });
    await expect(run(named)).rejects.toThrow();
  });
});
