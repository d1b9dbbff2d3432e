import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { observeClient } from '#runtime/telemetry/observe-clients.js';
import { listDeprecations } from '#schema/deprecations.js';
import { limits } from './size-limits.js';

type Variables = Record<string, unknown>;

/** Returns the paths in a document, without its variables, that are in `deprecated`. */
function findInDocument(schema: GraphQLSchema, document: DocumentNode, deprecated: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const add = (path: string) => {
    if (deprecated.has(path)) found.add(path);
  };
  const info = new TypeInfo(schema);
  const field = () => `${info.getParentType()?.name}.${info.getFieldDef()?.name}`;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: () => add(field()),
      Argument: ({ name }) => add(`${field()}(${name.value}:)`),
      ObjectField: ({ name }) => {
        const parent = info.getParentInputType();
        if (parent) add(`${getNamedType(parent).name}.${name.value}`);
      },
      EnumValue: ({ value }) => {
        const type = info.getInputType();
        if (type) add(`${getNamedType(type).name}.${value}`);
      },
    }),
  );
  return [...found];
}

/** Adds the paths in a value of a variable, as deep as variables may be. */
function findInValue(type: GraphQLInputType, value: unknown, add: (path: string) => void, depth = 0): void {
  if (depth > limits.variableDepth) return;
  if (Array.isArray(value)) {
    for (const item of value) findInValue(type, item, add, depth + 1);
    return;
  }
  const named = getNamedType(type);
  if (isEnumType(named)) add(`${named.name}.${value}`);
  if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return;
  const fields = named.getFields();
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name];
    if (!field) continue;
    add(`${named.name}.${name}`);
    findInValue(field.type, inner, add, depth + 1);
  }
}

function findInVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
  deprecated: ReadonlySet<string>,
): string[] {
  const found = new Set<string>();
  for (const { variable, type } of variableDefinitions) {
    const declared = typeFromAST(schema, type as never) as GraphQLInputType | undefined;
    if (!declared) continue;
    findInValue(declared, variables[variable.name.value], (path) => {
      if (deprecated.has(path)) found.add(path);
    });
  }
  return [...found];
}

/** Returns a function to the deprecated parts of the schema that an operation asks for. */
function createFindDeprecated() {
  const ofSchema = new WeakMap<GraphQLSchema, ReadonlySet<string>>();
  const ofDocument = new WeakMap<DocumentNode, string[]>();
  return (schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => {
    const deprecated = ofSchema.get(schema) ?? new Set(listDeprecations(schema).map(({ path }) => path));
    ofSchema.set(schema, deprecated);
    if (deprecated.size === 0) return [];
    const found = ofDocument.get(document) ?? findInDocument(schema, document, deprecated);
    ofDocument.set(document, found);
    return [...new Set([...found, ...findInVariables(schema, operation, variables, deprecated)])];
  };
}

/** Counts operations, and what is deprecated of them, by client. */
export function watchClients(): ApolloServerPlugin<GatewayContext> {
  const findDeprecated = createFindDeprecated();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        if (!operation || contextValue.isWarmUp) return;
        const { identity, clientName, isTrusted } = contextValue;
        const isSignedIn = identity.kind === 'user' || identity.kind === 'apiKey';
        // What WebMetrics ships uses nothing deprecated.
        const deprecated = isTrusted ? [] : findDeprecated(schema, document, operation, request.variables ?? {});
        observeClient({ client: clientName?.name, isSignedIn, deprecated });
      },
    }),
  };
}
