import { buildSubgraphSchema } from '@apollo/subgraph';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { GraphQLScalarType, parse } from 'graphql';
import { Forbidden } from '#runtime/errors.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { createExecutor, type Executor } from './executor.js';

const typeDefs = parse(`
  directive @cacheControl(maxAge: Int) on FIELD_DEFINITION
  scalar Counted
  type Query {
    whoAmI: String @cacheControl(maxAge: 60)
    contextNumber: Int
    echo(text: String!): String
    counted(value: Counted): Boolean @cacheControl(maxAge: 60)
    forbidden: String @cacheControl(maxAge: 60)
    broken: String
    required: String!
  }
  type Mutation { change: Boolean }
`);

const ada: Identity = { ...anonymous('request-1'), kind: 'user', userId: 'ada' };
const bob: Identity = { ...anonymous('request-2'), kind: 'user', userId: 'bob' };

interface Context {
  identity: Identity;
  number: number;
}

describe('an executor', () => {
  let execute: Executor;
  let contexts: number;
  let literalsRead: number;
  let logged: { err: Error; requestId: string }[];

  beforeEach(() => {
    contexts = 0;
    literalsRead = 0;
    logged = [];
    // A literal is parsed once when the document is validated, and once each time it runs.
    const Counted = new GraphQLScalarType({
      name: 'Counted',
      parseValue: (value) => value,
      parseLiteral: () => {
        literalsRead += 1;
        return literalsRead;
      },
    });
    const schema = buildSubgraphSchema({
      typeDefs,
      resolvers: {
        Counted,
        Query: {
          whoAmI: (_parent: unknown, _args: unknown, context: unknown) => (context as Context).identity.userId,
          contextNumber: (_parent: unknown, _args: unknown, context: unknown) => (context as Context).number,
          echo: (_parent: unknown, args: { text?: string }) => args.text,
          counted: () => true,
          forbidden: () => {
            throw new Forbidden();
          },
          broken: () => {
            throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
          },
          required: () => null,
        },
        Mutation: { change: () => true },
      },
    });
    const createContext = (identity: Identity): Context => {
      contexts += 1;
      return { identity, number: contexts };
    };
    const logger = {
      ...createLogger({ level: 'silent', isPretty: false }),
      error: (entry: unknown) => void logged.push(entry as (typeof logged)[number]),
    };
    execute = createExecutor(schema, createContext, logger);
  });

  it('returns the data with their cache policy', async () => {
    expect(await execute({ query: '{ whoAmI }' }, ada)).toEqual({
      data: { whoAmI: 'ada' },
      cachePolicy: { maxAge: 60, scope: 'PUBLIC' },
    });
  });

  it('creates a context for every call, of its identity', async () => {
    const answers = await Promise.all(
      [ada, bob, ada].map((identity) => execute({ query: '{ whoAmI contextNumber }' }, identity)),
    );
    expect(answers.map(({ data }) => data)).toEqual([
      { whoAmI: 'ada', contextNumber: 1 },
      { whoAmI: 'bob', contextNumber: 2 },
      { whoAmI: 'ada', contextNumber: 3 },
    ]);
  });

  it('validates a document once, however often it is sent', async () => {
    // Only validation parses the literal of a document that is refused.
    const request = { query: '{ counted(value: 1) missing }' };
    for (const identity of [ada, bob, ada]) expect((await execute(request, identity)).errors).toHaveLength(1);
    expect(literalsRead).toBe(1);
    await execute({ query: '{ again: counted(value: 1) missing }' }, ada);
    expect(literalsRead).toBe(2);
  });

  it('returns the same however often it is called', async () => {
    const query =
      'query ($text: String! = "default", $with: Boolean!) { echo(text: $text) whoAmI @include(if: $with) }';
    const ask = (variables: Record<string, unknown>) => execute({ query, variables }, ada);
    for (let round = 0; round < 4; round += 1) {
      expect((await ask({ with: true })).data).toEqual({ echo: 'default', whoAmI: 'ada' });
      expect((await ask({ with: false, text: 'given' })).data).toEqual({ echo: 'given' });
    }
  });

  it('runs the operation that is named, with its own policy', async () => {
    const query = 'query Who { whoAmI } query Number { contextNumber }';
    expect(await execute({ query, operationName: 'Who' }, ada)).toMatchObject({
      data: { whoAmI: 'ada' },
      cachePolicy: { maxAge: 60 },
    });
    expect(await execute({ query, operationName: 'Number' }, ada)).toMatchObject({
      data: { contextNumber: 2 },
      cachePolicy: { maxAge: 0 },
    });
  });

  it('reads the variables of each call', async () => {
    const query = 'query ($text: String!) { echo(text: $text) }';
    const answers = await Promise.all(['one', 'two'].map((text) => execute({ query, variables: { text } }, ada)));
    expect(answers.map(({ data }) => data?.echo)).toEqual(['one', 'two']);
  });

  it.each([
    ['no GraphQL', { query: 'select 1' }],
    ['empty', { query: '' }],
    ['not in the schema', { query: '{ missing }' }],
    ['without an operation', { query: 'fragment Part on Query { whoAmI }' }],
    ['without the operation it names', { query: '{ whoAmI }', operationName: 'Missing' }],
    ['without a variable it needs', { query: 'query ($text: String!) { echo(text: $text) }', variables: null }],
    ['with a variable of another type', { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: 1 } }],
  ])('answers a request that is %s with an error, each time the same', async (_what, request) => {
    const first = await execute(request, ada);
    expect(first.errors?.length).toBeGreaterThan(0);
    expect(first.data).toBeUndefined();
    for (const error of first.errors ?? []) {
      expect(error.message).not.toBe('Internal error');
      expect(error.extensions?.requestId).toBe('request-1');
    }
    expect(first.cachePolicy).toEqual({ maxAge: 0, scope: 'PRIVATE' });
    for (let round = 0; round < 3; round += 1) expect(await execute(request, ada)).toEqual(first);
    expect(logged).toEqual([]);
  });

  // A repeated operation runs compiled: a failure must look the same.
  describe.each([1, 2, 3])('in call number %d', (time) => {
    async function ask(query: string, identity = ada) {
      for (let earlier = 1; earlier < time; earlier += 1) await execute({ query }, ada);
      logged = [];
      return execute({ query }, identity);
    }

    it('passes our own errors, and forbids caching', async () => {
      const { data, errors, cachePolicy } = await ask('{ whoAmI forbidden }');
      expect(data).toEqual({ whoAmI: 'ada', forbidden: null });
      expect(errors).toMatchObject([
        { path: ['forbidden'], extensions: { code: 'FORBIDDEN', requestId: 'request-1' } },
      ]);
      expect(cachePolicy).toEqual({ maxAge: 0, scope: 'PRIVATE' });
    });

    it('masks other errors, and logs them with their request', async () => {
      const { errors } = await ask('{ broken }', bob);
      expect(errors).toMatchObject([{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
      expect(JSON.stringify(errors)).not.toContain('10.0.0.7');
      expect(logged).toMatchObject([
        { err: { message: 'connect ECONNREFUSED 10.0.0.7:5432' }, requestId: 'request-2' },
      ]);
    });

    it('returns no data when a non-null field is null', async () => {
      const { data, errors } = await ask('{ whoAmI required }');
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ message: 'Internal error' }]);
    });
  });

  it('forbids caching of mutations', async () => {
    expect(await execute({ query: 'mutation { change }' }, ada)).toEqual({
      data: { change: true },
      cachePolicy: { maxAge: 0, scope: 'PRIVATE' },
    });
  });
});
