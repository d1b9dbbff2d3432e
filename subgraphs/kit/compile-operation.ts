import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
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

/** The most fields a compiled operation may have, fragments expanded: a dashboard has a hundred. */
const MAX_FIELDS = 300;
/** Of compiled code for each field, once it has run: 1 to 5 KiB, the deeper the more. */
const BYTES_PER_FIELD = 5 * 1024;
const BASE_BYTES = 20 * 1024;

/** The compiler writes names into object literals, where this one sets the prototype. */
const FORBIDDEN_NAME = '__proto__';

/** Returns the number of fields with fragments expanded, once it is beyond `max`, a number beyond. */
function countFields(document: DocumentNode, max: number): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  let fields = 0;
  const count = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (fields > max) return;
      if (selection.kind === Kind.FIELD) fields += 1;
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection.selectionSet;
      if (below) count(below);
    }
  };
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) count(node.selectionSet);
  return fields;
}

function hasForbiddenName(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    [Kind.NAME]: ({ value }) => {
      if (value === FORBIDDEN_NAME) isFound = true;
    },
  });
  return isFound;
}

/** Returns the bytes that an operation takes when it is compiled; undefined = it must not be: too large, or not conforming. */
export function compiledBytes(schema: GraphQLSchema, document: DocumentNode): number | undefined {
  const fields = countFields(document, MAX_FIELDS);
  if (fields > MAX_FIELDS || hasForbiddenName(document) || hasVariableInScalar(schema, document)) return undefined;
  return BASE_BYTES + fields * BYTES_PER_FIELD;
}

/** Compiles an operation to JavaScript; undefined where the compiler cannot. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string,
): CompiledOperation | undefined {
  const compiled = compileQuery(schema, document, operationName);
  if (!isCompiledQuery(compiled)) return undefined;
  return (context, variables) => compiled.query(undefined, context, variables) as ReturnType<CompiledOperation>;
}
