import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { composeServices } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition';
import { buildSchema, GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { schemaFile, subgraphNames, typeDefinitionsOf } from './type-definitions.js';

/** That composer keeps no `@specifiedBy`. */
const withoutSpecifiedBy = (sdl: string) => sdl.replaceAll(/ @specifiedBy\(url: "[^"]+"\)/g, '');

/** The types in alphabetical order, descriptions included; composers differ in the directives that they keep. */
function typesOf(schema: GraphQLSchema): string {
  return printSchema(new GraphQLSchema({ ...lexicographicSortSchema(schema).toConfig(), directives: [] }));
}

const api = typesOf(buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8')));
const subgraphs = subgraphNames.map((name) => ({
  name,
  url: `http://${name}.invalid`,
  definitions: typeDefinitionsOf(name),
}));

describe('the subgraphs compose to the same API', () => {
  it('with the composition of The Guild', () => {
    const { errors, publicSdl } = composeServices(
      subgraphs.map(({ definitions, ...service }) => ({ ...service, typeDefs: definitions })),
    );
    expect(errors).toBeUndefined();
    expect(typesOf(buildSchema(publicSdl as string))).toBe(api);
  });

  it('with the composition of WunderGraph Cosmo', () => {
    const result = federateSubgraphs({ subgraphs, version: LATEST_ROUTER_COMPATIBILITY_VERSION });
    if (!result.success) throw new AggregateError(result.errors);
    expect(result.warnings).toEqual([]);
    expect(typesOf(result.federatedGraphClientSchema)).toBe(withoutSpecifiedBy(api));
  });
});
