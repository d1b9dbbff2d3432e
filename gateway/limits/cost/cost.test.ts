import { describe, expect, it } from '@jest/globals';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type Fragments, planCost, TooManyFields } from './cost-plan.js';
import { readCostSchema } from './cost-schema.js';
import { countObjects, estimateUsage } from './operation-cost.js';

const schema = readCostSchema(/* GraphQL */ `
  directive @cost(weight: Int!) on FIELD_DEFINITION
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  type Query {
    name: String
    thing: Thing
    things: [Thing!]!
    few: [Thing] @listSize(assumedSize: 3)
    page(first: Int! = 20): Page @cost(weight: 10) @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
    dear: String @cost(weight: 7)
    days(range: DateRangeInput!): [Thing!] @listSize(assumedSize: 3)
    byDay(range: DateRangeInput!): ByDay @listSize(sizedFields: ["days"])
    byKey(ids: [ID!]!): [Thing] @listSize(assumedSize: 3)
    filtered(ids: [ID!]): [Thing] @listSize(assumedSize: 3)
  }
  input DateRangeInput { start: Date! end: Date! }
  type ByDay { total: Thing days: [Thing!]! }
  type Mutation { change: Thing }
  type Thing { name: String thing: Thing things: [Thing!]! }
  type Page { edges: [Edge!]! pageInfo: PageInfo! }
  type Edge { cursor: String node: Thing! }
  type PageInfo { hasNextPage: Boolean! }
`);

function planOf(query: string) {
  const { definitions } = parse(query);
  const fragments: Fragments = Object.fromEntries(
    definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return planCost(
    schema,
    definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode,
    fragments,
  );
}
const estimate = (query: string, variables = {}) => estimateUsage(planOf(query), variables).objects;

describe('the estimated cost of an operation', () => {
  it.each<[string, string, number]>([
    ['nothing for what is no object', '{ name }', 0],
    ['nothing for introspection', '{ __typename __schema { types { name } } }', 0],
    ['one for an object', '{ thing { name } }', 1],
    ['as many as there are objects in objects', '{ thing { thing { thing { name } } } }', 3],
    ['ten objects for a list of unknown size', '{ things { name } }', 10],
    ['as many as the assumed size of a list', '{ few { thing { name } } }', 6],
    ['lists in lists', '{ things { things { name } } }', 110],
    ['the weight of a field', '{ dear }', 7],
    ['each alias of it', '{ a: dear b: dear }', 14],
    ['a change', 'mutation { change { name } }', 11],
    // The field and the page, and for each of twenty an edge and its node.
    ['a page of its usual size', '{ page { edges { node { name } } pageInfo { hasNextPage } } }', 10 + 1 + 40 + 1],
    ['a page of another size', '{ page(first: 2) { edges { node { name } } } }', 10 + 1 + 4],
    ['a page under another name', '{ p: page(first: 2) { e: edges { n: node { name } } } }', 10 + 1 + 4],
    [
      'a page behind fragments',
      '{ ...A } fragment A on Query { page(first: 2) { ...B } } fragment B on Page { edges { node { name } } }',
      15,
    ],
    [
      'what two fragments ask for alike, once',
      '{ ...A ...B } fragment A on Query { thing { name } } fragment B on Query { thing { name } }',
      1,
    ],
    ['the days of a range', '{ days(range: { start: "2026-01-01", end: "2026-12-31" }) { name } }', 365],
    [
      'the days of the range of its parent',
      '{ byDay(range: { start: "2026-10-01", end: "2026-10-31" }) { total { name } days { name } } }',
      33,
    ],
    [
      'a year of days for what is no range',
      '{ days(range: { start: "2026-10-02", end: "2026-10-01" }) { name } }',
      366,
    ],
    ['as many as there are keys', '{ byKey(ids: ["1", "2"]) { name } }', 2],
    ['not reduced by a filter', '{ filtered(ids: ["1"]) { name } }', 3],
    ['no more than a list can return', '{ page(first: 1000000) { edges { node { name } } } }', 10 + 1 + 2_000],
    ['not reduced by a negative size', '{ page(first: -5) { edges { node { name } } } }', 11],
  ])('is %s', (_what, query, cost) => {
    expect(estimate(query)).toBe(cost);
  });

  it.each<[string, string, Record<string, unknown>, number]>([
    ['a number', 'query ($first: Int!) { page(first: $first) { edges { node { name } } } }', { first: 3 }, 17],
    ['another type', 'query ($first: Int!) { page(first: $first) { edges { node { name } } } }', { first: 'x' }, 31],
    ['one left out', 'query ($first: Int) { page(first: $first) { edges { node { name } } } }', {}, 51],
    [
      'a range',
      'query ($range: R!) { days(range: $range) { name } }',
      { range: { start: '2026-10-01', end: '2026-10-31' } },
      31,
    ],
    [
      'a part of a range',
      'query ($end: Date!) { days(range: { start: "2026-10-01", end: $end }) { name } }',
      { end: '2026-10-07' },
      7,
    ],
    ['keys', 'query ($ids: [ID!]!) { byKey(ids: $ids) { name } }', { ids: ['1', '2', '3', '4'] }, 4],
  ])('depends on a variable: %s', (_what, query, variables, cost) => {
    expect(estimate(query, variables)).toBe(cost);
  });

  it('is not enumerated when fragments multiply it', () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `fragment F${level} on Thing { a: thing { ...F${level + 1} } b: thing { ...F${level + 1} } }`,
    );
    expect(() => planOf(`{ thing { ...F0 } } ${levels.join(' ')} fragment F30 on Thing { name }`)).toThrow(
      TooManyFields,
    );
  });
});

describe('the actual cost of an answer', () => {
  const plan = planOf('{ few { name thing { name } } page(first: 50) { edges { node { name } } } dear }');

  it('counts its objects and weights', () => {
    const node = { node: { name: 'x' } };
    const few = [{ name: 'a', thing: null }, null, { name: 'b', thing: { name: 'c' } }];
    expect(countObjects(plan, { few, page: { edges: [node, node] }, dear: 'x' })).toBe(3 + (10 + 1 + 4) + 7);
  });

  it('is the weight of its fields without data', () => {
    for (const data of [undefined, null, {}, { few: [], page: null }]) expect(countObjects(plan, data)).toBe(17);
  });
});
