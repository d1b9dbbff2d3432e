import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import type { Resource } from '#gateway/rest/resource.js';
import { atLeast, signedIn } from '#kit/permission.js';
import { webhookEventTypes } from '#runtime/webhooks/event-types.js';
import { schemaFile } from '#schema/type-definitions.js';
import { PermissionWalk } from '#subgraphs/permission-matrix/permission-walk.js';
import { describeApi } from './describe-api.js';
import type { JsonSchema, OpenApiDocument, Parameter } from './document.js';

const typeDefinitions = /* GraphQL */ `
  scalar Date
  scalar Decimal
  enum Period {
    "7 days up to yesterday."
    LAST_7_DAYS
  }
  enum State {
    "It runs."
    ON
    "It does not."
    OFF
  }
  input DateRangeInput {
    "The first day."
    start: Date!
    "The last day."
    end: Date!
  }
  type Query {
    "The shop."
    shop: Shop
    "One order."
    order("Which one." id: ID!): Order
  }
  type Mutation {
    "Places an order."
    place("What is ordered." title: String!, "A remark." note: String, "How many." count: Int! = 1): Placed!
  }
  "What was placed."
  type Placed {
    "The order."
    order: Order!
  }
  "A shop."
  type Shop @key(fields: "id") {
    id: ID!
    "Its orders."
    orders("The days of the orders." range: DateRangeInput!, "How many, 1 to 1000." first: Int! = 50): OrderConnection
  }
  "An order."
  type Order @key(fields: "id") {
    "Its id."
    id: ID!
    "Its price."
    price: Decimal
    "Its state."
    state: State
    "Its buyer."
    buyer: Buyer!
  }
  "Who ordered."
  type Buyer {
    "The name."
    name: String!
    "The address."
    address: String
  }
  "A page of orders."
  type OrderConnection {
    edges: [OrderEdge!]!
    pageInfo: PageInfo!
    "How many there are."
    totalCount: Int!
  }
  type OrderEdge {
    node: Order!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
`;

const read = signedIn.withScope('read:reports');
const permissions = {
  Query: { shop: signedIn.withAnyScope(), order: read },
  Mutation: { place: atLeast('ANALYST', 'write:reports') },
  entities: { Shop: signedIn.withAnyScope(), Order: read },
  fields: { Shop: { orders: read }, Buyer: { address: atLeast('VIEWER', 'read:billing') } },
};

const documents = {
  ListOrders: /* GraphQL */ `query ListOrders($range: DateRangeInput!, $first: Int) {
    shop { orders(range: $range, first: $first) {
      edges { node { id ...Price buyer { name } } }
      pageInfo { hasNextPage endCursor }
      totalCount
    } }
  }
  fragment Price on Order { price state }`,
  GetOrder: /* GraphQL */ `query GetOrder($id: ID!) { order(id: $id) { id price buyer { name address } } }`,
  PlaceOrder: /* GraphQL */ `mutation PlaceOrder($title: String!, $note: String, $count: Int) {
    place(title: $title, note: $note, count: $count) { order { id } }
  }`,
};

const days = { startDate: 'range.start', endDate: 'range.end' };
const resources: Resource[] = [
  {
    method: 'GET',
    path: '/api/orders',
    summary: 'The orders',
    operation: 'ListOrders',
    tag: 'reports',
    answer: 'shop.orders',
    parameters: days,
  },
  {
    method: 'GET',
    path: '/api/orders/{id}',
    summary: 'An order',
    operation: 'GetOrder',
    tag: 'reports',
    answer: 'order',
  },
  {
    method: 'POST',
    path: '/api/orders',
    summary: 'Place an order',
    operation: 'PlaceOrder',
    tag: 'reports',
    answer: 'place.order',
    status: 201,
    location: '/api/orders/{id}',
  },
];

function describeShop(): OpenApiDocument {
  const operations = Object.entries(documents).map(([name, text]) => {
    const definition = parse(text).definitions[0] as OperationDefinitionNode;
    return [name, { name, group: 'orders', text, definition, type: definition.operation }] as const;
  });
  return describeApi({
    version: '1.2.3',
    schema: buildSchema(`directive @key(fields: String!) on OBJECT\n${typeDefinitions}`),
    resources,
    operations: new Map(operations),
    permissions: new PermissionWalk([{ name: 'shop', typeDefinitions: parse(typeDefinitions), permissions }]),
  });
}

const api = describeShop();
const schemas = api.components.schemas;
const operation = (method: 'get' | 'post', path: string) => {
  const found = api.paths[path]?.[method];
  if (!found) throw new Error(`There is no ${method} ${path}.`);
  return found;
};
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

describe('the OpenAPI description', () => {
  it('takes parameters from variables: days as two or as a word, defaults of the schema, nothing that is null', () => {
    const { parameters } = operation('get', '/api/orders');
    expect(parameters).toEqual([
      expect.objectContaining({
        name: 'startDate',
        in: 'query',
        description: 'The first day. The days of the orders.',
      }),
      expect.objectContaining({ name: 'endDate' }),
      expect.objectContaining({
        name: 'first',
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 1000, default: 50 }),
      }),
      { $ref: '#/components/parameters/period' },
      expect.objectContaining({ name: 'fields', style: 'form', explode: false }),
      { $ref: '#/components/parameters/If-None-Match' },
    ]);
    expect(parameters?.some((parameter) => 'required' in parameter)).toBe(false);
    expect(schemas.PeriodWord?.enum).toEqual(['last_7d']);
    expect(operation('get', '/api/orders/{id}').parameters?.[0]).toMatchObject({
      name: 'id',
      in: 'path',
      required: true,
    });
  });

  it('takes bodies from variables, with null only where the schema allows it', () => {
    const { requestBody } = operation('post', '/api/orders');
    expect(requestBody).toMatchObject({ required: true });
    expect(requestBody?.content['application/json']).toEqual({
      schema: {
        type: 'object',
        properties: {
          title: { type: 'string', description: 'What is ordered.' },
          note: { type: ['string', 'null'], description: 'A remark.' },
          count: expect.objectContaining({ type: 'integer', default: 1, description: 'How many.' }),
        },
        required: ['title'],
        additionalProperties: false,
      },
      example: { title: expect.any(String) },
    });
  });

  it('takes answers from selections: a connection is a page, what can be null says so, enums are named', () => {
    const { responses } = operation('get', '/api/orders');
    expect(responses[200]).toMatchObject({
      headers: expect.objectContaining({ ETag: expect.anything(), Link: expect.anything() }),
      content: { 'application/json': { schema: ref('OrderPage') } },
    });
    expect(schemas.OrderPage?.properties).toEqual({
      data: { type: 'array', items: ref('Order'), description: expect.any(String) },
      page: { ...ref('Page'), description: expect.any(String) },
      totalCount: { type: 'integer', format: 'int32', description: 'How many there are.' },
      errors: expect.objectContaining({ type: 'array', items: ref('Problem') }),
    });
    expect(schemas.OrderPage?.required).toEqual(['data', 'page', 'totalCount']);
    const orders = [schemas.Order, schemas.OrderOfGetOrder].map((schema) => schema?.properties ?? {});
    const listed = orders.find((properties) => 'state' in properties);
    expect(listed?.price).toMatchObject({ type: ['string', 'null'], description: 'Its price.' });
    expect(listed?.state).toMatchObject({ anyOf: [ref('State'), { type: 'null' }] });
    expect(schemas.State).toMatchObject({
      enum: ['ON', 'OFF'],
      description: expect.stringContaining('`ON`: It runs.'),
    });
  });

  it('names the widest selection of a type after it, and others after what they are a part of', () => {
    expect(
      Object.keys(schemas)
        .filter((name) => /^(Order|Buyer)/.test(name))
        .sort(),
    ).toEqual(['Buyer', 'BuyerOfOrder', 'Order', 'OrderOfGetOrder', 'OrderOfPlaceOrder', 'OrderPage']);
    expect(Object.keys(schemas.Buyer?.properties ?? {})).toEqual(['name', 'address']);
  });

  it('has the scopes, the role and the statuses of each operation from the rules', () => {
    const placing = operation('post', '/api/orders');
    expect(placing).toMatchObject({ operationId: 'placeOrder', 'x-required-scopes': [['write:reports']] });
    expect(placing.description).toContain('Users need the role ANALYST.');
    expect(Object.keys(placing.responses)).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '409', '413', '415', '422', '429', '500', '503']),
    );
    expect(operation('get', '/api/orders')['x-required-scopes']).toEqual([['read:reports']]);
    const one = operation('get', '/api/orders/{id}');
    expect(one.description).toContain('`buyer.address` needs `read:billing` as well');
    expect(Object.keys(one.responses)).toEqual(expect.arrayContaining(['200', '304', '404']));
    expect(Object.keys(one.responses)).not.toContain('413');
  });

  it('has for each status the codes with what to do', () => {
    expect(api.components.responses.NotFound?.description).toContain('- `NOT_FOUND`: check the id.');
    expect(api.components.responses.NotFound?.content).toHaveProperty(['application/problem+json']);
  });

  it('is the same for the same parts', () => {
    expect(JSON.stringify(describeShop())).toBe(JSON.stringify(api));
  });
});

describe('schema/openapi.json', () => {
  const text = readFileSync(schemaFile('openapi.json'), 'utf8');
  const whole = JSON.parse(text) as OpenApiDocument;
  const all = Object.entries(whole.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, each]) => ({ name: `${method} ${path}`, ...each })),
  );

  it('has an operation id of its own, a summary and a description for each operation', () => {
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    expect(all.filter(({ summary, description }) => !summary || !description).map(({ name }) => name)).toEqual([]);
  });

  it('has and requires each parameter that is in the path', () => {
    const faults = all.filter(({ name, parameters = [] }) => {
      const inPath = parameters.filter((each): each is Parameter => 'in' in each && each.in === 'path');
      const required = inPath.filter((each) => each.required).map((each) => `{${each.name}}`);
      return String(required.toSorted()) !== String((name.match(/\{\w+\}/g) ?? []).toSorted());
    });
    expect(faults.map(({ name }) => name)).toEqual([]);
  });

  it('has the requests of webhooks, with an example of each', () => {
    expect(Object.keys(whole.webhooks)).toEqual(Object.keys(webhookEventTypes));
    for (const { post } of Object.values(whole.webhooks)) {
      const { schema, example } = post?.requestBody?.content['application/json'] ?? {};
      expect(Object.keys(schema?.properties ?? {})).toEqual(Object.keys(example as object));
      expect(post?.parameters).toHaveLength(3);
    }
  });

  it('refers to what is there, and has nothing else', () => {
    const referred = new Set([...text.matchAll(/"\$ref": "#\/components\/([^"]+)"/g)].map(([, name]) => name));
    const { securitySchemes, ...components } = whole.components;
    const there = Object.entries(components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind}/${name}`),
    );
    expect([...referred].filter((name) => name && !there.includes(name))).toEqual([]);
    expect(there.filter((name) => !referred.has(name))).toEqual([]);
    expect(Object.keys(securitySchemes)).toEqual(['bearer', 'apiKey', 'basic']);
  });

  it('stays below 6 KiB a resource', () => {
    const count = Object.values(whole.paths).flatMap((methods) => Object.keys(methods as object)).length;
    expect(JSON.stringify(whole).length / count).toBeLessThan(6 * 1024);
  });
});
