import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'graphql';
import { createExecutor } from '#kit/executor.js';
import { anyone, applyPermissions, type Permissions } from '#kit/permission.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { describePermissions } from './describe-permissions.js';
import { permissionGaps } from './schema-walk.js';

describe('the rules of every subgraph', () => {
  it.each(subgraphNames)('of %s are complete, and none is for nothing', async (name) => {
    const { schema, permissions } = await subgraphs[name]();
    expect(permissionGaps(typeDefinitionsOf(name), schema, permissions)).toEqual([]);
  });
});

describe('a made-up schema', () => {
  const definitions = parse(/* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query {
      listed: String
      planted: String
    }
    type Mutation {
      change: String
    }
    type Listed @key(fields: "id") {
      id: ID!
      secret: String
    }
    type Planted @key(fields: "id") {
      id: ID!
      secret: String
    }
    type Elsewhere @key(fields: "id", resolvable: false) {
      id: ID!
    }
  `);
  const reached = jest.fn(() => 'reached');
  const entity = { __resolveReference: reached, secret: reached };
  const bare = buildSubgraphSchema({
    typeDefs: definitions,
    resolvers: {
      Query: { listed: () => 'listed', planted: reached },
      Mutation: { change: reached },
      Listed: { __resolveReference: ({ id }: { id: string }) => ({ id, secret: 'listed' }) },
      Planted: entity,
    },
  });
  const permissions: Permissions = { Query: { listed: anyone }, entities: { Listed: anyone } };
  const owner: Identity = { kind: 'user', userId: 'u', organizationId: 'o', role: 'OWNER', scopes: [], requestId: 'r' };
  const service: Identity = { kind: 'service', organizationId: 'o', scopes: [], requestId: 'r' };
  const executor = (rules: Permissions) =>
    createExecutor(
      applyPermissions(bare, rules),
      (identity) => ({ identity }),
      createLogger({ level: 'silent', isPretty: false }),
    );
  const entities = (...types: string[]) => ({
    query:
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Listed { secret } ... on Planted { secret } } }',
    variables: { of: types.map((__typename) => ({ __typename, id: '1' })) },
  });

  it('reports a root field and an entity without a rule', () => {
    expect(permissionGaps(definitions, bare, permissions)).toEqual([
      'Query.planted has no rule',
      'Mutation.change has no rule',
      'entities.Planted has no rule',
    ]);
  });

  it('passes the walk once each has its rule', () => {
    const complete = {
      Query: { listed: anyone, planted: anyone },
      Mutation: { change: anyone },
      entities: { Listed: anyone, Planted: anyone },
      fields: { Listed: { secret: anyone } },
    };
    expect(permissionGaps(definitions, bare, complete)).toEqual([]);
  });

  it('fails the walk with rules for what does not exist', () => {
    const stale = {
      Query: { listed: anyone, planted: anyone, gone: anyone, '*': anyone },
      Mutation: { change: anyone, gone: anyone },
      entities: { Listed: anyone, Planted: anyone, Elsewhere: anyone },
      fields: { Listed: { gone: anyone }, Gone: { field: anyone } },
    };
    expect(permissionGaps(definitions, bare, stale)).toEqual([
      'Query.gone has a rule but does not exist',
      'Query.* has a rule but does not exist',
      'Mutation.gone has a rule but does not exist',
      'entities.Elsewhere has a rule but does not exist',
      'Listed.gone has a rule but does not exist',
      'Gone.field has a rule but does not exist',
    ]);
  });

  it.each([
    ['an owner', owner],
    ['a service', service],
    ['an anonymous caller', anonymous('r')],
  ])('denies %s what no rule allows, and never reaches its resolver', async (_who, identity) => {
    const execute = executor(permissions);
    const { data, errors } = await execute({ query: '{ listed planted }' }, identity);
    expect(data).toEqual({ listed: 'listed', planted: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([[['planted'], 'FORBIDDEN']]);

    const changed = await execute({ query: 'mutation { change }' }, identity);
    expect(changed.data).toEqual({ change: null });
    expect(changed.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');

    expect((await execute(entities('Listed'), identity)).data).toEqual({ _entities: [{ secret: 'listed' }] });
    for (const types of [['Planted'], ['Listed', 'Planted'], ['Planted', 'Listed'], ['Query'], ['constructor']]) {
      const loaded = await execute(entities(...types), identity);
      expect(loaded.data ?? null).toBeNull();
      expect(loaded.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
    expect(reached).not.toHaveBeenCalled();
  });

  it('denies every mutation of a subgraph that lists none', async () => {
    const execute = executor({ ...permissions, Mutation: {} });
    const { errors } = await execute({ query: 'mutation { change }' }, owner);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(reached).not.toHaveBeenCalled();
  });
});

describePermissions('in-process');
