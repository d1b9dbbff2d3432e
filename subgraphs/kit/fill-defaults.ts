import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

type Variables = Record<string, unknown>;

function fill(type: GraphQLInputType, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (isNonNullType(type)) return fill(type.ofType, value);
  if (isListType(type)) {
    return Array.isArray(value) ? value.map((item) => fill(type.ofType, item)) : fill(type.ofType, value);
  }
  if (!isInputObjectType(type)) return value;
  const filled: Variables = { ...(value as Variables) };
  for (const { name, type: fieldType, defaultValue } of Object.values(type.getFields())) {
    if (filled[name] !== undefined) filled[name] = fill(fieldType, filled[name]);
    else if (defaultValue !== undefined) filled[name] = defaultValue;
  }
  return filled;
}

/**
 * Returns variables with the defaults of the fields of their input objects, which compiled code refuses as missing where they
 * are required. They stay as sent otherwise.
 */
export function fillDefaults(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Variables,
): Variables {
  const filled = { ...variables };
  for (const { variable, type: node } of definitions) {
    const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
    const { value: name } = variable.name;
    if (isInputType(type) && filled[name] !== undefined) filled[name] = fill(type, filled[name]);
  }
  return filled;
}
