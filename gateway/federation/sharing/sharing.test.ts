import { describe, expect, it } from '@jest/globals';
import { buildSchema, type DocumentNode, GraphQLError, parse } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { shareFetches } from '#gateway/federation/data-sources/share-fetches.js';
import { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { Identity } from '#runtime/identity/identity.js';
import { shareOperations } from './share-operations.js';

const nora: Identity = {
  kind: 'user',
  userId: 'nora',
  organizationId: 'ours',
  sessionId: 'session-1',
  role: 'OWNER',
  scopes: [],
  requestId: 'request-1',
  client: { address: '192.0.2.1', userAgent: 'a browser' },
};

/** Callers who may each see another answer to the same question. */
const others: [string, Partial<GatewayContext>][] = [
  ['another organization', { identity: { ...nora, organizationId: 'theirs' } }],
  ['another user', { identity: { ...nora, userId: 'eve' } }],
  ['another session', { identity: { ...nora, sessionId: 'session-2' } }],
  ['another role', { identity: { ...nora, role: 'VIEWER' } }],
  ['another right', { identity: { ...nora, rights: ['BILLING'] } }],
  ['an API key', { identity: { ...nora, kind: 'apiKey', apiKeyId: 'key-1' } }],
  ['another API key', { identity: { ...nora, kind: 'apiKey', apiKeyId: 'key-2' } }],
  ['other scopes', { identity: { ...nora, scopes: ['read:reports'] } }],
  ['a member of a client', { identity: { ...nora, clientIds: ['acme'] } }],
  ['a member of no client', { identity: { ...nora, clientIds: [] } }],
  ['a user who can only read', { identity: { ...nora, isReadOnly: true } }],
  ['a user without a second factor', { identity: { ...nora, mustSetUpTwoFactor: true } }],
  ['a service', { identity: { ...nora, kind: 'service' } }],
  ['no one', { identity: { kind: 'anonymous', scopes: [], requestId: 'request-1' } }],
  ['another device', { identity: { ...nora, client: { address: '198.51.100.1' } } }],
  ['who asks after a mutation', { generation: 'second' }],
];

const QUERY = 'query Mine($id: ID) { mine(id: $id) }';
const MUTATION = 'mutation Change { change }';

/** Answers with who asked, when all have asked. */
class Subgraph extends SubgraphDataSource {
  readonly asked: { identity: Identity; request: SubgraphRequest; signal: AbortSignal | undefined; answer(): void }[] =
    [];

  execute(request: SubgraphRequest, { identity, watch }: GatewayContext): Promise<SubgraphResponse> {
    return new Promise((resolve) => {
      const answer = () =>
        resolve({
          data: { mine: [JSON.stringify(identity)] },
          errors: [{ message: 'Partly.', extensions: { code: 'NOT_FOUND' } }],
          rowsRead: 3,
          cachePolicy: { maxAge: 60, scope: 'PRIVATE' },
        });
      this.asked.push({ identity, request, signal: watch?.disconnection.signal, answer });
    });
  }

  answerAll(): void {
    for (const { answer } of this.asked) answer();
  }
}

const contextOf = (given: Partial<GatewayContext> = {}): GatewayContext => ({
  identity: nora,
  generation: 'first',
  watch: {
    context: { requestId: 'request-1' },
    startedAt: performance.now(),
    disconnection: new AbortController(),
  },
  ...given,
});
const again = (requestId: string) => contextOf({ identity: { ...nora, requestId } });

describe('fetches of a subgraph in flight', () => {
  const open = () => {
    const subgraph = new Subgraph();
    const shared = shareFetches(subgraph);
    const ask = (context: GatewayContext, query = QUERY, variables: Record<string, unknown> = { id: '1' }) =>
      shared.execute({ query, variables, operationName: null }, context);
    return { subgraph, ask };
  };

  it('are one for the same caller, whatever the request', async () => {
    const { subgraph, ask } = open();
    const answers = [ask(contextOf()), ask(again('request-2')), ask(again('request-3'))];
    expect(subgraph.asked).toHaveLength(1);
    subgraph.answerAll();
    const [first, second, third] = await Promise.all(answers);
    expect([second, third]).toEqual([first, first]);
    for (const part of ['data', 'errors'] as const) expect(second?.[part]).not.toBe(third?.[part]);
  });

  it.each(others)('give %s an answer of its own', async (_who, given) => {
    const { subgraph, ask } = open();
    const context = contextOf(given);
    const answers = [ask(contextOf()), ask(context)];
    expect(subgraph.asked).toHaveLength(2);
    subgraph.answerAll();
    const [, own] = await Promise.all(answers);
    expect(own?.data).toEqual({ mine: [JSON.stringify(context.identity)] });
  });

  it('are each asked for with other variables, in mutations and what these read, and without a generation', async () => {
    const { subgraph, ask } = open();
    const without = { generation: undefined };
    const answers = [
      ask(contextOf()),
      ask(contextOf(), QUERY, { id: '2' }),
      ...[MUTATION, MUTATION].map((query) => ask(contextOf(), query)),
      ...[QUERY, QUERY].map((query) => ask(contextOf(without), query)),
    ];
    expect(subgraph.asked).toHaveLength(6);
    subgraph.answerAll();
    await Promise.all(answers);
  });

  it('are aborted when the last client has disconnected', async () => {
    const { subgraph, ask } = open();
    const [first, second] = [contextOf(), contextOf()];
    const answers = Promise.allSettled([ask(first), ask(second)]);
    first.watch?.disconnection.abort();
    expect(subgraph.asked[0]?.signal?.aborted).toBe(false);
    second.watch?.disconnection.abort();
    expect(subgraph.asked[0]?.signal?.aborted).toBe(true);
    subgraph.answerAll();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('operations in flight', () => {
  const documents = new Map([QUERY, MUTATION].map((text) => [text, parse(text)]));
  const schema = buildSchema('type Query { mine(id: ID): String } type Mutation { change: String }');

  async function open() {
    const subgraph = new Subgraph();
    const { executor } = await shareOperations({
      onSchemaLoadOrUpdate: () => () => {},
      load: async () => ({
        executor: async (requestContext) => {
          const { query = '', variables } = requestContext.request;
          const options = {
            request: { query, variables },
            context: requestContext.context,
            incomingRequestContext: requestContext,
          } as any;
          const { data, errors } = await subgraph.process(options);
          return { data, errors: errors?.map(({ message }) => new GraphQLError(message)) };
        },
      }),
      stop: async () => {},
    }).load({ apollo: {} } as never);
    const run = (context: GatewayContext, query = QUERY, variables: Record<string, unknown> = { id: '1' }) => {
      const document = documents.get(query) as DocumentNode;
      const policies: unknown[] = [];
      const overallCachePolicy = {
        maxAge: undefined as number | undefined,
        scope: undefined as string | undefined,
        restrict(policy: { maxAge?: number; scope?: string }) {
          policies.push(policy);
          Object.assign(this, policy);
        },
      };
      const operation = document.definitions[0];
      const given = { request: { query, variables }, document, operation, context, schema, overallCachePolicy };
      return executor?.(given as never).then((result) => ({ result, policies }));
    };
    return { subgraph, run };
  }

  it('are executed once for the same caller, and recorded with each', async () => {
    const { subgraph, run } = await open();
    const contexts = [contextOf(), again('request-2')];
    const answers = contexts.map((context) => run(context));
    expect(subgraph.asked).toHaveLength(1);
    subgraph.answerAll();
    const [first, second] = await Promise.all(answers);
    expect(second?.result).toEqual(first?.result);
    const data = first?.result.data as { mine: string[] };
    expect(second?.result.data).toBe(data);
    expect(() => data.mine.push('of one reader')).toThrow(TypeError);
    expect(() => Object.assign(data, { mine: [] })).toThrow(TypeError);
    expect(second?.result.errors?.[0]).not.toBe(first?.result.errors?.[0]);
    expect(second?.policies).toContainEqual({ maxAge: 60, scope: 'PRIVATE' });
    expect(contexts.map(({ rowsRead }) => rowsRead)).toEqual([3, 3]);
  });

  it.each([
    ...others,
    ['a client with another name', { clientName: { name: 'app' } }],
    ['a trusted operation', { isTrusted: true }],
  ] as typeof others)('give %s an answer of its own', async (_who, given) => {
    const { subgraph, run } = await open();
    const context = contextOf(given);
    const answers = [run(contextOf()), run(context)];
    expect(subgraph.asked).toHaveLength(2);
    subgraph.answerAll();
    const [, own] = await Promise.all(answers);
    expect(own?.result.data).toEqual({ mine: [JSON.stringify(context.identity)] });
  });

  it('are executed each with other variables, for mutations, and without a generation', async () => {
    const { subgraph, run } = await open();
    const answers = [
      run(contextOf()),
      run(contextOf(), QUERY, { id: '2' }),
      ...[MUTATION, MUTATION].map((query) => run(contextOf(), query)),
      ...[QUERY, QUERY].map((query) => run(contextOf({ generation: undefined }), query)),
    ];
    expect(subgraph.asked).toHaveLength(6);
    subgraph.answerAll();
    await Promise.all(answers);
  });

  it('go on when the client that came first disconnects', async () => {
    const { subgraph, run } = await open();
    const first = contextOf();
    const left = run(first);
    const stays = run(contextOf());
    first.watch?.disconnection.abort();
    await expect(left).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(subgraph.asked[0]?.signal?.aborted).toBe(false);
    subgraph.answerAll();
    expect((await stays)?.result.data).toEqual({ mine: [JSON.stringify(nora)] });
  });
});
