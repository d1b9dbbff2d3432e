import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { schemaFile } from '#schema/type-definitions.js';

let schema: GraphQLSchema | undefined;

/** Returns the schema of the API as clients see it, read once. */
export function apiSchema(): GraphQLSchema {
  schema ??= buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'), { assumeValidSDL: true });
  return schema;
}
