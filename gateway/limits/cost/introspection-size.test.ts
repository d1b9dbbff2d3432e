import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  getIntrospectionQuery,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { jsonSize } from '#kit/json-size.js';
import { schemaFile } from '#schema/type-definitions.js';
import type { Fragments } from './cost-plan.js';
import { introspectionSize } from './introspection-size.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

describe('the bytes of introspection', () => {
  it.each<[string, string, Record<string, unknown>?]>([
    ['all of it', getIntrospectionQuery()],
    [
      'all of it twenty-five times',
      `{ ${Array.from({ length: 25 }, (_, at) => `a${at}: __schema { types { fields { name description } } }`).join(' ')} }`,
    ],
    [
      'a type named by a variable',
      'query ($name: String!) { __type(name: $name) { fields { name type { ofType { fields { name } } } } } }',
      { name: 'Query' },
    ],
    ['an unknown type', '{ __type(name: "Nothing") { name } }'],
    [
      'deprecated parts',
      '{ __schema { types { fields(includeDeprecated: true) { name isDeprecated } enumValues { name } inputFields { name defaultValue } possibleTypes { name } interfaces { name } } directives { name locations args { name } } } }',
    ],
    [
      'fragments',
      '{ __schema { ...S } } fragment S on __Schema { __typename queryType { ... on __Type { fields { __typename name } } } }',
    ],
  ])('are known before it runs: %s', (_what, query, variables = {}) => {
    const document = parse(query);
    const [operation, ...others] = document.definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]];
    const fragments: Fragments = {};
    for (const node of others) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
    const selections = operation.selectionSet.selections as FieldNode[];
    const size = introspectionSize(schema, selections, fragments, variables, 1e9);
    const { data } = execute({ schema, document, variableValues: variables }) as { data: object };
    expect(size).toBeGreaterThanOrEqual(jsonSize(data) - 2);
    expect(size).toBeLessThan(jsonSize(data) * 1.6 + 100);
    // It stops after the field, or the type, that is beyond the limit.
    const last = selections.length > 1 ? Math.ceil(size / selections.length) : 50_000;
    expect(introspectionSize(schema, selections, fragments, variables, size / 10)).toBeLessThan(size / 10 + last);
  });
});
