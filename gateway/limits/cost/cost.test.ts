import { describe, expect, it } from '@jest/globals';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type Fragments, planCost, TooManyFields } from './cost-plan.js';
import { readCostSchema } from './cost-schema.js';
import { costOfUsage, countObjects, estimateUsage } from './operation-cost.js';

const schema = readCostSchema(/* GraphQL */ `
  directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION
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
    summed(period: Period, range: DateRangeInput @cost(weight: 10), compareTo: Comparison, compareRange: DateRangeInput): Thing @cost(weight: 5)
    ranked(month: Date @cost(weight: 3), first: Int! = 2 @cost(weight: 4)): [Thing!]
  }
  input DateRangeInput { start: Date! end: Date! }
  enum Period { LAST_7_DAYS LAST_MONTH LAST_12_MONTHS }
  enum Comparison { PREVIOUS_PERIOD }
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

  it.each<[string, string, Record<string, unknown>, number]>([
    ['30 when none are given', '{ summed { name } }', {}, 30],
    ['of a period', '{ summed(period: LAST_7_DAYS) { name } }', {}, 7],
    ['of the longest year', '{ summed(period: LAST_12_MONTHS) { name } }', {}, 366],
    [
      'of a range',
      'query ($of: R) { summed(range: $of) { name } }',
      { of: { start: '2026-01-01', end: '2026-01-10' } },
      10,
    ],
    ['of what is no range', '{ summed(range: { start: "x", end: "y" }) { name } }', {}, 800],
    [
      'and of those before',
      'query ($with: C) { summed(period: LAST_MONTH, compareTo: $with) { name } }',
      { with: 'PREVIOUS_PERIOD' },
      65,
    ],
    [
      'but not of a null',
      'query ($with: C) { summed(period: LAST_MONTH, compareTo: $with) { name } }',
      { with: null },
      31,
    ],
    [
      'of both ranges',
      '{ summed(period: LAST_7_DAYS, compareRange: { start: "2026-01-01", end: "2026-01-02" }) { name } }',
      {},
      9,
    ],
  ])('follows the days that are read: %s', (_what, query, variables, days) => {
    const usage = estimateUsage(planOf(query), variables);
    expect([usage.objects, usage.rows]).toEqual([6, days * 1000]);
    expect(costOfUsage({ objects: 6, bytes: 0, rows: usage.rows })).toBe(6 + days * 10);
  });

  it('has rows that do not depend on days, given or not', () => {
    for (const query of ['{ ranked { name } }', '{ ranked(month: "2026-10-01", first: 1) { name } }'])
      expect(estimateUsage(planOf(query), {}).rows).toBe(700);
    expect(estimateUsage(planOf('{ one: ranked { name } two: ranked { name } }'), {}).rows).toBe(1400);
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
