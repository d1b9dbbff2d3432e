import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql';
import { schemaFile } from './type-definitions.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

interface Described {
  name: string;
  description?: string | null;
}

/** The names of those that say nothing about themselves, below `owner`. */
const mute = (owner: string, parts: readonly Described[]): string[] =>
  parts.filter(({ description }) => !description?.trim()).map(({ name }) => `${owner}${name}`);

describe('the contract with clients', () => {
  it('describes every type', () => {
    expect(mute('', types)).toEqual([]);
  });

  it('names the specification of every scalar', () => {
    const scalars = types.filter(isScalarType);
    expect(scalars.length).toBeGreaterThan(4);
    expect(scalars.filter(({ specifiedByURL }) => !specifiedByURL).map(({ name }) => name)).toEqual([]);
  });

  it('describes every field, argument, input field and enum value', () => {
    const missing = types.flatMap((type) => {
      if (isEnumType(type)) return mute(`${type.name}.`, type.getValues());
      if (isInputObjectType(type)) return mute(`${type.name}.`, Object.values(type.getFields()));
      if (!isObjectType(type) && !isInterfaceType(type)) return [];
      const fields = Object.values(type.getFields());
      return [
        ...mute(`${type.name}.`, fields),
        ...fields.flatMap((field) => mute(`${type.name}.${field.name}:`, field.args)),
      ];
    });
    expect(missing).toEqual([]);
  });

  // https://relay.dev/graphql/connections.htm#sec-Connection-Types
  it('reserves type names that end in Connection for pages, as Relay specifies', () => {
    const fieldsOf = (type: unknown) =>
      isObjectType(type)
        ? Object.fromEntries(Object.values(type.getFields()).map(({ name, type }) => [name, `${type}`]))
        : {};
    const pages = types.filter(({ name }) => name.endsWith('Connection'));
    expect(pages.map(({ name }) => name)).toContain('CampaignConnection');
    for (const page of pages) {
      const { edges, pageInfo } = fieldsOf(page);
      expect({ type: page.name, edges, pageInfo }).toEqual({
        type: page.name,
        edges: expect.stringMatching(/^\[\w+Edge!?\]!?$/),
        pageInfo: 'PageInfo!',
      });
      const edge = fieldsOf(schema.getType(edges?.replace(/\W/g, '') ?? ''));
      expect({ type: page.name, ...edge }).toMatchObject({ cursor: 'String!', node: expect.any(String) });
    }
    expect(fieldsOf(schema.getType('PageInfo'))).toMatchObject({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });

  // Clients keep one object for all its occurrences: https://www.apollographql.com/docs/react/caching/overview
  it('has no field of an object with an id that depends on an argument further up', () => {
    const objects = types.filter(isObjectType);
    const hasId = (type: GraphQLNamedType) => isObjectType(type) && 'id' in type.getFields();
    const choosesItself = ({ args }: GraphQLField<unknown, unknown>) =>
      args.some(({ name }) => name !== 'first' && name !== 'after');
    // Values of their own, which say nothing about what was asked.
    const values = ['DateRange', 'Money', 'PageInfo', 'Fault'];
    const chosen = new Set<string>();
    const visit = (type: GraphQLNamedType) => {
      if (!isObjectType(type) || hasId(type) || values.includes(type.name) || chosen.has(type.name)) return;
      chosen.add(type.name);
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
    };
    for (const type of objects) {
      for (const field of Object.values(type.getFields())) if (choosesItself(field)) visit(getNamedType(field.type));
    }
    expect([...chosen]).toEqual(expect.arrayContaining(['CampaignMetrics', 'DailyMetrics', 'PlaceMetrics']));
    const dependent = objects.filter(hasId).flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => chosen.has(getNamedType(field.type).name) && !choosesItself(field))
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(dependent).toEqual([]);
  });

  it('shows nothing of how it is put together', () => {
    expect(types.map(({ name }) => name).filter((name) => /^_|__/.test(name))).toEqual([]);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).not.toContain('sessionIdentity');
    expect(schema.getDirectives().map(({ name }) => name)).not.toContain('cacheControl');
  });
});

describe('the examples', () => {
  const files = readdirSync(schemaFile('examples')).filter((file) => file.endsWith('.graphql'));

  it('are there', () => {
    expect(files).not.toEqual([]);
  });

  it.each(files)('%s is a valid operation', (file) => {
    expect(validate(schema, parse(readFileSync(schemaFile(`examples/${file}`), 'utf8')))).toEqual([]);
  });
});
