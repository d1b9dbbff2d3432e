import { describe, expect, it } from '@jest/globals';
import { buildASTSchema, type GraphQLFieldResolver, type GraphQLSchema, parse } from 'graphql';
import { NotFound } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { scalars } from '#schema/scalars.js';
import { createExecutor } from './executor.js';

const typeDefs = parse(/* GraphQL */ `
  scalar DateTime
  scalar Date
  scalar Decimal
  scalar Long
  scalar _Any
  scalar JSON
  enum Color { RED GREEN }
  input Filter { day: Date!, colors: [Color!] = [RED], limit: Int = 3, orders: [Order!] }
  input Order { by: String!, color: Color! = GREEN, limit: Int! = 7 }
  interface Named { name: String! }
  type Cat implements Named { name: String!, lives: Int }
  type Dog implements Named { name: String!, isGood: Boolean! }
  union Pet = Cat | Dog
  type Query {
    echo(filter: Filter!, first: Int! = 50): String!
    when(at: DateTime!): DateTime!
    any(of: [_Any!]!): String!
    total: Long!
    broken: String
    brokenInList: [Item!]
    required: Item
    pets: [Pet!]!
    named: [Named!]!
    colors: [Color!]!
  }
  type Item { id: ID!, name: String!, at: DateTime, next: Item }
`);

const pets = [
  { __typename: 'Cat', name: 'Tom', lives: 9 },
  { __typename: 'Dog', name: 'Rex', isGood: true },
];
const resolvers: Record<string, GraphQLFieldResolver<unknown, unknown>> = {
  echo: (_root, { filter, first }) => JSON.stringify([filter.day, filter.colors, filter.limit, first, filter.orders]),
  any: (_root, { of }) => JSON.stringify(of),
  when: (_root, { at }) => at,
  total: async () => 9_007_199_254_740_991,
  broken: () => {
    throw new NotFound('thing');
  },
  brokenInList: async () => [
    { id: '1', name: 'one' },
    { id: '2', name: null },
  ],
  required: () => ({ id: '1', name: 'one', at: 'never', next: new Error('secret') }),
  pets: () => pets,
  named: async () => pets,
  colors: () => ['RED', 'BLUE'],
};

function executable(): GraphQLSchema {
  const schema = buildASTSchema(typeDefs);
  for (const [name, { serialize, parseValue, parseLiteral }] of Object.entries(scalars)) {
    Object.assign(schema.getType(name) as object, { serialize, parseValue, parseLiteral });
  }
  for (const [name, resolve] of Object.entries(resolvers)) {
    Object.assign(schema.getQueryType()?.getFields()[name] as object, { resolve });
  }
  return schema;
}

const schema = executable();

// An operation is interpreted at first and compiled when it repeats: without an observable difference.
describe('a repeated operation', () => {
  it.each<[string, string, Record<string, unknown>?]>([
    [
      'variables with defaults',
      'query ($f: Filter!, $n: Int! = 7) { echo(filter: $f, first: $n) }',
      { f: { day: '2026-10-01' } },
    ],
    [
      'required input fields with defaults, in a list',
      'query ($f: Filter!) { echo(filter: $f) }',
      { f: { day: '2026-10-01', orders: [{ by: 'x' }, { by: 'y', color: 'RED', limit: 1 }] } },
    ],
    ['arguments with defaults', '{ echo(filter: { day: "2026-10-01", colors: [GREEN] }) }'],
    [
      'variables that are undefined',
      'query ($f: Filter!, $n: Int! = 7) { echo(filter: $f, first: $n) }',
      { f: { day: '2026-10-01' }, n: undefined },
    ],
    [
      'null for an argument that has a default',
      'query ($f: Filter!, $n: Int) { total echo(filter: $f, first: $n) }',
      { f: { day: '2026-10-01' }, n: null },
    ],
    [
      'null for a condition',
      'query ($yes: Boolean = true) { total @skip(if: $yes) pets { __typename } }',
      { yes: null },
    ],
    [
      'null for a condition below',
      'query ($yes: Boolean = true) { required { id @include(if: $yes) } }',
      { yes: null },
    ],
    ['a wrong scalar', 'query ($f: Filter!) { echo(filter: $f) }', { f: { day: 'yesterday' } }],
    ['a missing variable', 'query ($f: Filter!) { echo(filter: $f) }', {}],
    ['an unknown input field', 'query ($f: Filter!) { echo(filter: $f) }', { f: { day: '2026-10-01', x: 1 } }],
    [
      'an unknown enum value',
      'query ($f: Filter!) { echo(filter: $f) }',
      { f: { day: '2026-10-01', colors: ['BLUE'] } },
    ],
    [
      'a single value for a list',
      'query ($f: Filter!) { echo(filter: $f) }',
      { f: { day: '2026-10-01', colors: 'GREEN' } },
    ],
    ['a variable inside a scalar', 'query ($id: ID!) { any(of: [{ id: $id }]) }', { id: 'x' }],
    ['an instant in a variable', 'query ($at: DateTime!) { when(at: $at) }', { at: '2026-10-05T10:11:12Z' }],
    ['a large number', '{ total }'],
    ['an error with a code', '{ total broken }'],
    ['null where none may be, in a list', '{ total brokenInList { id name } }'],
    ['errors below an object', '{ required { id at next { id } } }'],
    ['a union', '{ pets { __typename ... on Cat { lives } ... on Dog { isGood } } }'],
    ['an interface', '{ named { name ... on Dog { isGood } } }'],
    ['an enum the schema does not know', '{ colors }'],
    [
      'skip and include',
      'query ($yes: Boolean!) { total @skip(if: $yes) pets @include(if: $yes) { __typename } }',
      { yes: true },
    ],
    [
      'aliases and fragments',
      '{ a: total ...More } fragment More on Query { b: total pets { ...P } } fragment P on Cat { name }',
    ],
    ['names that JavaScript reserves', '{ __proto__: total constructor: total toString: total hasOwnProperty: total }'],
    ['such a name below', '{ required { __proto__: id name constructor: id } }'],
    [
      'a variable of such a name',
      'query ($__proto__: Boolean!) { total @include(if: $__proto__) }',
      JSON.parse('{ "__proto__": true }'),
    ],
    ['a fragment of such a name', '{ ...__proto__ } fragment __proto__ on Query { total }'],
    ['introspection', '{ __schema { queryType { name } } __type(name: "Item") { fields { name } } }'],
    ['an unknown field', '{ nonsense }'],
    ['no GraphQL at all', 'nonsense {'],
  ])('has the same response: %s', async (_what, query, variables = {}) => {
    const logger = createLogger({ level: 'silent', isPretty: false });
    const execute = createExecutor(schema, () => ({}), logger);
    const identity = anonymous('request');
    // As text: `toEqual` does not see a property called __proto__.
    const ask = async () => JSON.stringify(await execute({ query, variables }, identity));
    const interpreted = await ask();
    // Compiled from the fifth on.
    for (let use = 2; use <= 7; use += 1) expect(await ask()).toEqual(interpreted);
  });
});
