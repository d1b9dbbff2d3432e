import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { failSpan, startSpan } from '#runtime/scope/spans.js';
import { type FieldTally, observeFields, observeOperation } from '#runtime/telemetry/observe-operation.js';
import { secondsSince } from '#runtime/telemetry/registry.js';

const MAX_LOGGED_NAME = 100;

/** Returns the fields of a document as `Type.field`, without introspection. */
function fieldsOf(schema: GraphQLSchema, document: DocumentNode): string[] {
  const fields = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: ({ name }) => {
        if (name.value.startsWith('__')) return false;
        const parent = typeInfo.getParentType();
        if (parent) fields.add(`${parent.name}.${name.value}`);
        return undefined;
      },
    }),
  );
  return [...fields];
}

/** Computes them once per document, which Apollo caches. */
function createTallies(): (schema: GraphQLSchema, document: DocumentNode) => FieldTally {
  const tallies = new WeakMap<DocumentNode, FieldTally>();
  return (schema, document) => {
    let tally = tallies.get(document);
    if (!tally) {
      tally = { fields: fieldsOf(schema, document), count: 0 };
      tallies.set(document, tally);
    }
    return tally;
  };
}

/** Records operations, errors and fields in metrics, traces and the access log. */
export function watchOperations(): ApolloServerPlugin<GatewayContext> {
  const tallyOf = createTallies();
  return {
    requestDidStart: async ({ contextValue }) => {
      if (contextValue.isWarmUp) return;
      const startedAt = performance.now();
      const span = startSpan('graphql');
      if (span) contextValue.span = span;
      return {
        didResolveOperation: async ({ schema, document, operation, operationName }) => {
          if (!operation) return;
          observeFields(tallyOf(schema, document));
          const name = operationName?.slice(0, MAX_LOGGED_NAME) || undefined;
          const { clientName, watch } = contextValue;
          if (watch) watch.operation = { name, type: operation.operation, client: clientName };
          span
            ?.updateName(operation.operation)
            .setAttributes({ 'graphql.operation.type': operation.operation, 'graphql.operation.name': name });
        },
        willSendResponse: async ({ response, operation, operationName, metrics }) => {
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          const codes = errors?.map(({ extensions }) => String(extensions?.code)) ?? [];
          if (contextValue.watch) contextValue.watch.errorCodes = codes;
          const type = operation?.operation;
          const isRemembered = type === 'query' ? metrics.responseCacheHit === true : undefined;
          const { kind } = contextValue.identity;
          const isSignedIn = kind === 'user' || kind === 'apiKey';
          const name = operationName ?? undefined;
          observeOperation({ name, type, codes, isSignedIn, isRemembered }, secondsSince(startedAt));
          if (codes[0]) failSpan(span, codes[0]);
          span?.end();
        },
      };
    },
  };
}
