import { describe, expect, it } from '@jest/globals';
import {
  type FieldNode,
  type GraphQLField,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { apiSchema } from './api-schema.js';
import { describeInput } from './parameters.js';
import { resources, unmapped } from './resources.js';

const operations = readTrustedOperations();
const schema = apiSchema();

const fieldsIn = (selectionSet: SelectionSetNode | undefined): FieldNode[] =>
  (selectionSet?.selections ?? []).filter((node) => node.kind === Kind.FIELD);

/** The fields of a type that a resource must answer. */
function coordinates(typeName: string, isWanted: (field: GraphQLField<unknown, unknown>) => boolean): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no type`);
  return Object.values(type.getFields())
    .filter(isWanted)
    .map(({ name }) => `${typeName}.${name}`);
}

const isListOrQuestion = ({ args, type }: GraphQLField<unknown, unknown>) => {
  const bare = getNullableType(type);
  return args.length > 0 || isListType(bare) || (isObjectType(bare) && 'edges' in bare.getFields());
};

const mapped = new Set(
  resources.flatMap(({ operation: name }) => {
    const operation = operations.get(name);
    const root = operation?.type === 'mutation' ? 'Mutation' : 'Query';
    return fieldsIn(operation?.definition.selectionSet).flatMap((field) => [
      `${root}.${field.name.value}`,
      ...(field.name.value === 'organization'
        ? fieldsIn(field.selectionSet).map(({ name: inner }) => `Organization.${inner.value}`)
        : []),
    ]);
  }),
);

const toAnswer = [
  ...coordinates('Query', () => true),
  ...coordinates('Mutation', () => true),
  ...coordinates('Organization', isListOrQuestion),
];

describe('the table of REST resources', () => {
  it.each(toAnswer)('answers %s, or says why it does not', (coordinate) => {
    expect(mapped.has(coordinate) || coordinate in unmapped).toBe(true);
  });

  it('excuses only what exists and is not answered', () => {
    expect(Object.keys(unmapped).filter((coordinate) => !toAnswer.includes(coordinate))).toEqual([]);
    expect(Object.keys(unmapped).filter((coordinate) => mapped.has(coordinate))).toEqual([]);
  });

  it('has each method and path once', () => {
    const keys = resources.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('names the parameters of a path alike for each of its methods', () => {
    const paths = [...new Set(resources.map(({ path }) => path))];
    const bare = paths.map((path) => path.replace(/\{\w+\}/g, '{}'));
    expect(bare).toEqual([...new Set(bare)]);
  });

  it.each(resources.map((resource) => [`${resource.method} ${resource.path}`, resource] as const))(
    '%s has an operation with its answer and a variable for each parameter',
    (_name, resource) => {
      const operation = operations.get(resource.operation);
      if (!operation) throw new Error(`There is no operation ${resource.operation}`);
      expect(operation.type === 'query' || resource.method !== 'GET' || resource.redirectTo !== undefined).toBe(true);
      expect(operation.type === 'mutation').toBe(resource.method !== 'GET' || resource.redirectTo !== undefined);
      const input = describeInput(resource, operation.definition, schema);
      const names = input.parameters.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
      let selectionSet: SelectionSetNode | undefined = operation.definition.selectionSet;
      for (const name of resource.answer.split('.')) {
        const field: FieldNode | undefined = fieldsIn(selectionSet).find(
          (node) => (node.alias ?? node.name).value === name,
        );
        expect(field).toBeDefined();
        selectionSet = field?.selectionSet;
      }
      for (const [, field] of resource.location?.matchAll(/\{(\w+)\}/g) ?? []) {
        expect(fieldsIn(selectionSet).map((node) => node.name.value)).toContain(field);
      }
    },
  );
});
