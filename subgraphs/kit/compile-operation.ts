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

/** An operation compiled to JavaScript, for variables that graphql-js has coerced. */
export type CompiledOperation = (
  context: unknown,
  variables: Record<string, unknown>,
) => ExecutionResult | Promise<ExecutionResult>;

/** Whether a variable is inside the literal of a scalar, as of `_Any`: the compiler would drop it. */
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

/** Compiles an operation to JavaScript; undefined where the compiler does not conform. */
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
