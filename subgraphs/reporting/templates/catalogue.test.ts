import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLInputType, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { schemaFile } from '#schema/type-definitions.js';
import { catalogues } from './catalogue.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

function valuesOf(type: GraphQLInputType | undefined): string[] {
  const named = type && getNamedType(type);
  return isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
}

describe('the catalogue of sections', () => {
  it.each(Object.entries(catalogues))('has every dimension and figure that the API has: %s', (_kind, catalogue) => {
    const field = schema.getType('Organization');
    if (!field || !('getFields' in field)) throw new Error('There is no Organization.');
    const { args } = field.getFields()[catalogue.answer] as {
      args: readonly { name: string; type: GraphQLInputType }[];
    };
    const argument = (name: string) => args.find((each) => each.name === name)?.type;
    const order = argument('orderBy');
    const input = order && getNamedType(order);
    const metric = isInputObjectType(input) ? input.getFields().metric?.type : undefined;
    const { dimensions, metrics } = catalogue;
    if (argument('groupBy')) expect(Object.keys(dimensions).sort()).toEqual(valuesOf(argument('groupBy')).sort());
    if (metric) expect(Object.keys(metrics)).toEqual(expect.arrayContaining(valuesOf(metric)));
  });
});
