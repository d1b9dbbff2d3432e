import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';

/** An operation as JavaScript: runs for a context and variables that graphql-js has read. */
export type CompiledOperation = (
  context: unknown,
  variables: Record<string, unknown>,
) => ExecutionResult | Promise<ExecutionResult>;

/** Whether a variable stands inside the literal of a scalar, as in `_Any`: the compiler would read it as nothing. */
function hasVariableInScalar(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema);
  let isFound = false;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      [Kind.VARIABLE]: () => {
        if (!typeInfo.getInputType()) isFound = true;
      },
    }),
  );
  return isFound;
}

/** Compiles an operation to JavaScript; undefined for what the compiler does not get right. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string,
): CompiledOperation | undefined {
  if (hasVariableInScalar(schema, document)) return undefined;
  const compiled = compileQuery(schema, document, operationName);
  if (!isCompiledQuery(compiled)) return undefined;
  return (context, variables) => compiled.query(undefined, context, variables) as ReturnType<CompiledOperation>;
}
