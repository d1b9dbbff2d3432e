import { createHash } from 'node:crypto';
import type { GraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphQLFormattedError, getOperationAST, parse } from 'graphql';
import type { GatewayExecutor } from '#gateway/execution/execution-gateway.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import { createExecutor } from '#kit/executor.js';
import { anyone, applyPermissions, atLeast, type Permissions, signedIn } from '#kit/permission.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { composeSupergraph } from '#schema/compose-supergraph.js';
import { withAuthorization } from '#subgraphs/authorization/authorization-directives.js';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@inaccessible"])';

const orders = ['1', '2'].map((id) => ({ __typename: 'Order', id, note: 'note', total: 3, buyer: { id: 'a' } }));
const items = [
  { __typename: 'Offer', title: 'offer', price: 1 },
  { __typename: 'Voucher', title: 'voucher', price: 2 },
];

interface Part {
  name: string;
  text: string;
  resolvers: Record<string, Record<string, unknown>>;
  permissions: Permissions;
}

const shop: Part = {
  name: 'shop',
  text: /* GraphQL */ `
    type Query { offers: [Offer!]! order(id: ID!): Order orders(first: Int): [Order!] ordersOrNull: [Order] strict: Order! items: [Item!] }
    type Mutation { close(id: ID!): Order open: Order enter: Session }
    interface Item { title: String price: Int }
    type Offer implements Item { title: String price: Int }
    type Voucher implements Item { title: String price: Int }
    type Session { order: Order }
    type Order @key(fields: "id") { id: ID! note: String total(length: Int): Int! buyer: Buyer }
    type Buyer @key(fields: "id", resolvable: false) { id: ID! }
  `,
  resolvers: {
    Query: {
      offers: () => items.slice(0, 1),
      order: (_root: unknown, { id }: { id: string }) => orders.find((order) => order.id === id),
      orders: () => orders,
      ordersOrNull: () => orders,
      strict: () => orders[0],
      items: () => items,
    },
    Mutation: { close: () => orders[0], open: () => orders[1], enter: () => ({ order: orders[0] }) },
    Order: {
      note: () => 'note',
      total: () => 3,
      __resolveReference: ({ id }: { id: string }) => orders.find((one) => one.id === id),
    },
    Voucher: { price: () => 2 },
  },
  permissions: {
    Query: {
      offers: anyone.withAnyScope(),
      order: signedIn.withScope('read:reports'),
      orders: signedIn.withScope('read:reports').withinClients(),
      ordersOrNull: signedIn.withScope('read:reports'),
      strict: atLeast('ADMIN'),
      items: signedIn,
    },
    Mutation: { close: atLeast('ADMIN'), open: signedIn, enter: anyone.beginsSession() },
    entities: { Order: signedIn.withAnyScope() },
    fields: {
      Order: { note: atLeast('ANALYST', 'read:billing'), total: atLeast('ADMIN') },
      Voucher: { price: atLeast('ADMIN') },
    },
  },
};

const people: Part = {
  name: 'people',
  text: /* GraphQL */ `
    type Buyer @key(fields: "id") { id: ID! name: String phone: String }
    type Order @key(fields: "id") { id: ID! courier: String note: String @external label: String @requires(fields: "note") }
  `,
  resolvers: {
    Buyer: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Ada' }), phone: () => '1' },
    Order: { __resolveReference: (order: object) => order, courier: () => 'courier', label: () => 'label' },
  },
  permissions: {
    Query: {},
    entities: { Buyer: signedIn.withAnyScope().withinClients(), Order: signedIn.withAnyScope().withinClients() },
    fields: { Buyer: { phone: atLeast('ADMIN') }, Order: { label: atLeast('ANALYST', 'read:billing') } },
  },
};

const parts = [shop, people].map(({ name, text, permissions }) => ({
  name,
  permissions,
  typeDefinitions: parse(`${LINK} ${text}`),
}));
const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;
const services = { entitlements: { of: async () => ({ access: 'FULL' }) } };
const executors = new Map(
  [shop, people].map(({ name, text, resolvers, permissions }) => {
    const bare = buildSubgraphSchema({ typeDefs: parse(`${LINK} ${text}`), resolvers: resolvers as never });
    const schema = applyPermissions(bare, permissions);
    return [name, createExecutor(schema, (identity) => ({ identity, services }), silent)];
  }),
);

interface Answer {
  data: unknown;
  errors: GraphQLFormattedError[];
}
type Ask = (query: string, identity: Identity, variables?: Record<string, unknown>, more?: object) => Promise<Answer>;

/** Opens a gateway over the subgraphs, whose rules the supergraph has or has not. */
async function open(supergraphSdl: string): Promise<{ ask: Ask; asked: string[] }> {
  const asked: string[] = [];
  const dataSourceFor = (name: string): GraphQLDataSource => ({
    process: async ({ request, context }) => {
      const { query = '', variables, operationName } = request;
      asked.push(`${name} ${query} ${JSON.stringify(variables)}`);
      return (await executors.get(name)?.({ query, variables, operationName }, context.identity)) as never;
    },
  });
  const { executor } = await createGateway({ supergraphSdl, dataSourceFor }).load({ apollo: {} as never });
  const execute = executor as unknown as GatewayExecutor;
  const ask: Ask = async (query, identity, variables = {}, more = {}) => {
    const document = parse(query);
    const result = await execute({
      request: { query, variables },
      source: query,
      document,
      queryHash: createHash('sha256').update(query).digest('hex'),
      operation: getOperationAST(document),
      context: { identity, ...more },
      metrics: {},
      logger: silent,
    } as never);
    const { data, errors = [] } = JSON.parse(JSON.stringify(result));
    const at = ({ path }: GraphQLFormattedError) => JSON.stringify(path);
    return {
      data,
      errors: errors.sort((one: GraphQLFormattedError, other: GraphQLFormattedError) => (at(one) < at(other) ? -1 : 1)),
    };
  };
  return { ask, asked };
}

const authorized = composeSupergraph(withAuthorization(parts)).supergraph;
const plain = composeSupergraph(parts.map(({ name, typeDefinitions }) => [name, typeDefinitions])).supergraph;
let ours: Awaited<ReturnType<typeof open>>;
let shielded: typeof ours;
beforeAll(async () => {
  ours = await open(authorized);
  shielded = await open(plain);
});

const person = (role: Role): Identity => ({
  ...anonymous('request'),
  kind: 'user',
  userId: 'ada',
  organizationId: 'engines',
  role,
});
const key = (scopes: string[]): Identity => ({
  ...person('ANALYST'),
  kind: 'apiKey',
  userId: undefined,
  apiKeyId: 'key',
  scopes,
});
const identities: Record<string, Identity> = {
  nobody: anonymous('request'),
  'a VIEWER': person('VIEWER'),
  'an ANALYST': person('ANALYST'),
  'an ADMIN': person('ADMIN'),
  'a VIEWER of clients': { ...person('VIEWER'), clientIds: ['client'] },
  'a key without scopes': key([]),
  'a key with scopes': key(['read:reports', 'read:billing']),
};
const nobody = anonymous('request');
const viewer = person('VIEWER');
const admin = person('ADMIN');

const operations: { query: string; variables?: Record<string, unknown> }[] = (
  [
    ['{ offers { title } }'],
    ['{ offers { title } order(id: "1") { id note } }'],
    ['{ a: order(id: "1") { b: note c: id } d: order(id: "2") { note } }'],
    ['{ orders { id note } }'],
    ['{ orders { id total } }'],
    ['{ ordersOrNull { id total note } }'],
    ['{ strict { id } offers { title } }'],
    ['{ order(id: "1") { note } }'],
    ['{ order(id: "9") { note } }'],
    ['{ order(id: "1") { note note } order(id: "1") { note } }'],
    ['query ($is: Boolean!) { order(id: "1") { id note @include(if: $is) } }', { is: false }],
    ['query ($is: Boolean!) { order(id: "1") { id note @include(if: $is) } }', { is: true }],
    ['query ($is: Boolean = true) { order(id: "1") { id ... @skip(if: $is) { note } } }'],
    ['query ($id: ID!, $length: Int) { order(id: $id) { id total(length: $length) } }', { id: '1', length: 3 }],
    ['query ($first: Int) { orders(first: $first) { id } offers { title } }', { first: 1 }],
    [
      '{ order(id: "1") { ...Fields } orders { ...Fields } } fragment Fields on Order { id ...More } fragment More on Order { note }',
    ],
    ['{ items { title price } }'],
    ['{ items { __typename title ... on Voucher { cost: price } ... on Offer { cost: price } } }'],
    ['{ items { ... on Voucher { price } } }'],
    ['{ __typename strict { id } }'],
    ['{ __schema { queryType { name } } order(id: "1") { note } }'],
    ['{ __type(name: "Order") { name } strict { __typename } }'],
    ['{ order(id: "1") { buyer { phone } } }'],
    ['{ orders { courier label } }'],
    ['{ order(id: "1") { label } }'],
    ['mutation { close(id: "1") { id } }'],
    ['mutation { close(id: "1") { id } open { id note } again: close(id: "2") { id } }'],
    ['mutation { enter { order { id note } } }'],
    ['mutation { enter { order { note } } open { note } }'],
  ] as [string, Record<string, unknown>?][]
).map(([query, variables]) => ({ query, variables }));

/** Subgraphs also report what they were asked for by the gateway, for `@requires`. */
const isOfQuery =
  (query: string) =>
  ({ path }: GraphQLFormattedError) =>
    query.includes(String(path?.at(-1)));

describe('a gateway over a supergraph with the rules', () => {
  it.each(operations)('answers as the subgraphs alone do: $query', async ({ query, variables }) => {
    for (const [who, identity] of Object.entries(identities)) {
      const expected = await shielded.ask(query, identity, variables);
      const answer = await ours.ask(query, identity, variables);
      expect({ who, data: answer.data }).toEqual({ who, data: expected.data });
      const [given, wanted] = [answer.errors, expected.errors.filter(isOfQuery(query))];
      // An object that is null for several reasons may have one error or more.
      if (JSON.stringify(expected.data).includes('"orders":null')) {
        expect(wanted).toEqual(expect.arrayContaining(given));
        expect(given.length > 0).toBe(wanted.length > 0);
      } else expect({ who, errors: given }).toEqual({ who, errors: wanted });
    }
  });

  it('calls no subgraph for what is refused', async () => {
    for (const query of [
      '{ order(id: "1") { id } orders { id } }',
      '{ strict { id } __typename }',
      'mutation { close(id: "1") { id } }',
    ]) {
      ours.asked.length = 0;
      const { errors } = await ours.ask(query, nobody);
      expect(errors.length).toBeGreaterThan(0);
      expect(ours.asked).toEqual([]);
    }
  });

  it('sends only what is permitted, and the variables of it', async () => {
    ours.asked.length = 0;
    const query = 'query ($id: ID!, $length: Int) { order(id: $id) { id total(length: $length) } strict { id } }';
    expect((await ours.ask(query, viewer, { id: '1', length: 3 })).data).toEqual(null);
    expect(ours.asked).toHaveLength(1);
    expect(ours.asked[0]).toMatch(/^shop .*order\(id: ?\$id\).*\{"id":"1"\}$/s);
    expect(ours.asked[0]).not.toMatch(/total|strict|length/);
  });

  it('asks for an object of which all is refused, as it may be absent, or more than one', async () => {
    ours.asked.length = 0;
    const { data, errors } = await ours.ask('{ ordersOrNull { note } }', viewer);
    expect(data).toEqual({ ordersOrNull: [{ note: null }, { note: null }] });
    expect(errors.map(({ path }) => path)).toEqual([
      ['ordersOrNull', 0, 'note'],
      ['ordersOrNull', 1, 'note'],
    ]);
    expect(ours.asked).toHaveLength(1);
    expect(ours.asked[0]).not.toContain('note');
  });

  it('names the field that the rule of an entity refuses', async () => {
    ours.asked.length = 0;
    const limited = { ...admin, clientIds: ['client'] };
    const { errors } = await ours.ask('{ orders { id courier } }', limited);
    expect(errors).toEqual([]);
    const { errors: refused } = await ours.ask('mutation { enter { order { courier } } }', nobody);
    expect(refused.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('leaves what belongs to the session that a mutation begins to the subgraphs', async () => {
    ours.asked.length = 0;
    await ours.ask('mutation { enter { order { id note } } }', nobody);
    expect(ours.asked[0]).toContain('note');
  });

  it('plans the whole operation in advance, for nobody', async () => {
    ours.asked.length = 0;
    await ours.ask('query Planned { order(id: "1") { id } }', nobody, {}, { isWarmUp: true });
    expect(ours.asked).toHaveLength(1);
  });
});

describe('a gateway over a supergraph of others', () => {
  const others = (text: string) =>
    composeSupergraph([
      [
        'shop',
        parse(
          `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes", { name: "@policy", as: "@rule" }]) ${text}`,
        ),
      ],
      ['people', parse(`${LINK} type Order @key(fields: "id") { id: ID! courier: String }`)],
    ]).supergraph;
  const shopOfOthers = (fields: string, more = '') =>
    others(`type Query { orders: [Order] } type Order @key(fields: "id") { ${fields} } ${more}`);
  const codesOf = async (sdl: string, identity: Identity, query: string) => {
    const { data, errors } = await (await open(sdl)).ask(query, identity);
    return { data, errors: errors.map(({ message, path }) => `${path?.join('.')}: ${message}`) };
  };

  it('refuses what holds a policy that it does not know, and says so', async () => {
    const sdl = shopOfOthers('id: ID! note: String @rule(policies: [["vip"]])');
    const message = 'This gateway does not know the policy "vip".';
    const { errors } = await codesOf(sdl, admin, '{ orders { id note } }');
    expect(errors).toEqual([`orders.0.note: ${message}`, `orders.1.note: ${message}`]);
  });

  it('takes one of several lists of policies', async () => {
    const sdl = shopOfOthers('id: ID! note: String @rule(policies: [["vip"], ["signedIn", "ANALYST"]])');
    expect((await codesOf(sdl, admin, '{ orders { note } }')).errors).toEqual([]);
    expect((await codesOf(sdl, viewer, '{ orders { note } }')).errors).toHaveLength(2);
  });

  it('does not answer a refused field that it has read as a key', async () => {
    const sdl = shopOfOthers('id: ID @rule(policies: [["vip"]])');
    const { data, errors } = await codesOf(sdl, admin, '{ orders { id courier } }');
    expect(JSON.stringify(data)).not.toContain('"id":"1"');
    expect(errors).toContain('orders.0.id: This gateway does not know the policy "vip".');
    expect(JSON.stringify(data)).toContain('courier');
  });

  it('heeds scopes, and what a type demands', async () => {
    const sdl = others(`
      type Query {
        orders: [Order] @authenticated
        secret: Secret
        offers: [Offer] @requiresScopes(scopes: [["a", "b"], ["read:reports"]])
      }
      scalar Secret @authenticated
      type Offer { title: String }
      type Order @key(fields: "id") { id: ID! }
    `);
    expect((await codesOf(sdl, nobody, '{ orders { id } secret offers { title } }')).errors).toEqual([
      'offers: Sign in first.',
      'orders: Sign in first.',
      'secret: Sign in first.',
    ]);
    const offersFor = async (identity: Identity) => (await codesOf(sdl, identity, '{ offers { title } }')).errors;
    expect(await offersFor(viewer)).toEqual([]);
    expect(await offersFor(key(['read:reports']))).toEqual([]);
    expect(await offersFor(key(['a', 'b']))).toEqual([]);
    expect(await offersFor(key(['a']))).toEqual(['offers: This API key needs the scope b.']);
  });
});
