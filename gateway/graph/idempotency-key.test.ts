import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewayContext } from '#gateway/context.js';
import { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import type { Idempotency, Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { schemaFile } from '#schema/type-definitions.js';
import { createApolloServer } from './apollo.js';
import { carryIdempotencyKey, readIdempotencyKey } from './idempotency-key.js';

describe('an Idempotency-Key', () => {
  const read = (key: string | string[] | undefined) => readIdempotencyKey({ headers: { 'idempotency-key': key } });

  it.each([undefined, 'a', '8e03978e-40d5-43dd-bc93-6894a57f9324', '!~"', 'x'.repeat(255)])('is read: %s', (key) => {
    expect(read(key)).toBe(key);
  });

  // Node.js joins a header that is sent twice.
  it.each([['', ' ', 'a b', 'one, other', 'ä', 'a\tb', 'x'.repeat(256)]].flat())('is refused: %j', (key) => {
    expect(() => read(key)).toThrow('Idempotency-Key must be 1 to 255 visible ASCII characters');
  });
});

describe('a mutation', () => {
  const seen: (Idempotency | undefined)[] = [];
  const identity: Identity = { kind: 'user', userId: 'ada', organizationId: 'company', scopes: [], requestId: 'one' };

  class FakeSubgraph extends SubgraphDataSource {
    async execute(_request: unknown, context: GatewayContext) {
      const { idempotency } = context.identity;
      seen.push(idempotency);
      const data = { endOtherSessions: 1, plans: [], logOut: true, createOrganization: { accessToken: 'a' } };
      return { data, isReplayed: Boolean(idempotency), cachePolicy: { maxAge: 0, scope: 'PRIVATE' } as const };
    }
  }
  const silent = { info() {}, warn() {}, error() {}, audit() {} } as unknown as Logger;
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => new FakeSubgraph(),
    }),
    logger: silent,
    hasIntrospection: true,
    isLimited: true,
    plugins: [carryIdempotencyKey],
  });
  beforeAll(() => apollo.start());
  afterAll(() => apollo.stop());

  async function send(
    query: string,
    variables: Record<string, unknown> = {},
    idempotencyKey: string | undefined = 'k',
  ) {
    seen.length = 0;
    const contextValue = { identity, idempotencyKey };
    const { body, http } = await apollo.executeOperation({ query, variables }, { contextValue });
    const [error] = (body.kind === 'single' && body.singleResult.errors) || [];
    return {
      header: http.headers.get('idempotent-replayed'),
      status: http.status ?? 200,
      code: error?.extensions?.code,
    };
  }

  it('passes its key on with a hash of the request, and says that its answer is an earlier one', async () => {
    const answers = 'mutation ($a: ID!, $b: Boolean!) { setUp: endSession(sessionId: $a) @skip(if: $b) __typename }';
    const hashes = [];
    for (const [query, variables] of [
      [answers, { a: '1', b: false }],
      [answers, { b: false, a: '1', c: 'not declared' }],
      [answers, { a: '2', b: false }],
      [`${answers} `, { a: '1', b: false }],
    ] as const) {
      expect(await send(query, variables)).toMatchObject({ header: 'true' });
      expect(seen).toEqual([{ key: 'k', request: expect.stringMatching(/^[\w-]{43}$/) }]);
      hashes.push(seen[0]?.request);
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
  });

  it.each(['mutation { endOtherSessions logOut }', 'mutation { ...F } fragment F on Mutation { endOtherSessions }'])(
    'is refused with a key unless it is the only one: %s',
    async (query) => {
      expect(await send(query)).toEqual({ header: undefined, status: 400, code: 'BAD_REQUEST' });
      expect(seen).toEqual([]);
      await send(query, {}, '');
      expect(seen).toEqual([undefined]);
    },
  );

  const CREATE = 'mutation ($key: String) { createOrganization(name: "A", idempotencyKey: $key) { accessToken } }';
  const keys = () => seen.map((idempotency) => idempotency?.key);

  it('has the key of its argument, as a value or a variable', async () => {
    await send(CREATE.replace('$key)', '"in-text")').replace('($key: String)', ''), {}, '');
    expect(keys()).toEqual(['in-text']);
    await send(CREATE, { key: 'given' }, '');
    expect(keys()).toEqual(['given']);
    await send(CREATE, { key: 'k' });
    expect(keys()).toEqual(['k']);
    await send(CREATE, { key: null });
    expect(keys()).toEqual(['k']);
    await send(CREATE, {}, '');
    expect(keys()).toEqual([undefined]);
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['another than that of its header', CREATE, { key: 'other' }, 'BAD_REQUEST'],
    ['one that is empty', CREATE, { key: '' }, 'BAD_USER_INPUT'],
    ['one that is too long', CREATE, { key: 'x'.repeat(256) }, 'BAD_USER_INPUT'],
    ['one that is not visible', CREATE, { key: 'a b' }, 'BAD_USER_INPUT'],
    ['one beside another mutation', CREATE.replace(/}$/, 'logOut }'), { key: 'k' }, 'BAD_REQUEST'],
    [
      'one within a fragment',
      'mutation { ...F } fragment F on Mutation { createOrganization(name: "A", idempotencyKey: "k") { accessToken } }',
      {},
      'BAD_REQUEST',
    ],
  ])('is refused with %s', async (_what, query, variables, code) => {
    expect(await send(query, variables, variables.key === 'other' ? 'k' : '')).toMatchObject({ status: 400, code });
    expect(seen).toEqual([]);
  });

  it('keeps the key that its subgraph keeps itself', async () => {
    const report = (key: string) => `generateReport(templateId: "a", idempotencyKey: "${key}") { report { id } }`;
    await send(`mutation { one: ${report('any text')} two: ${report('two')} }`, {}, '');
    expect(keys()).toEqual([undefined]);
  });

  it('has no key when it is a query', async () => {
    expect(await send('{ plans { id } }')).toMatchObject({ header: undefined, status: 200 });
    expect(seen).toEqual([undefined]);
  });
});
