import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import type { GatewayInterface } from '#gateway/execution/execution-gateway.js';
import { type CompiledOperation, compileOperation } from '#kit/compile-operation.js';
import { schemaFile } from '#schema/type-definitions.js';
import type { StubbedUser } from './stubbed-subgraphs.js';

/**
 * Returns the schema of clients as one server with compiled operations, over dashboards in memory: no federation, no permissions, no
 * cache policy.
 */
export function createOneServer(users: ReadonlyMap<string | undefined, StubbedUser>): GatewayInterface {
  const sdl = readFileSync(schemaFile('api.graphql'), 'utf8');
  const schema = buildSchema(sdl, { assumeValidSDL: true });
  const compiled = new Map<string, CompiledOperation>();
  const query = schema.getQueryType()?.getFields();
  if (!query?.me) throw new Error('The schema has no field "me".');
  query.me.resolve = (_root, _args, { identity }: GatewayContext) => {
    const { me, connections } = users.get(identity.userId) as StubbedUser;
    return { ...me, organization: { ...me.organization, connections } };
  };
  return {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: sdl });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, queryHash, context, request }) => {
        let operation = compiled.get(queryHash);
        if (!operation) {
          operation = compileOperation(schema, document, request.operationName);
          if (!operation) throw new Error('The operation cannot be compiled.');
          compiled.set(queryHash, operation);
        }
        return operation(context, request.variables ?? {});
      },
    }),
    stop: async () => {},
  };
}
