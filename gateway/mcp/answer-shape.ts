import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import type { JsonSchema } from '#gateway/openapi/document.js';
import { nullable, scalarSchemas } from '#gateway/openapi/scalar-schemas.js';
import { type Fragments, fieldsOf, fragmentsOf, selectionsOf } from '#gateway/openapi/selected-fields.js';
import type { TrustedOperation } from '#schema/trusted-operations.js';

type Fields = Record<string, unknown>;
type Nodes = readonly FieldNode[];

const isPage = (value: Fields): value is { edges: { node: unknown }[]; pageInfo?: Fields } =>
  Array.isArray(value.edges);

/** Returns a value of an answer with its Relay connections as `{ data, page }`, `data` being the nodes. */
export function withPages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPages);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  if (!isPage(fields)) return Object.fromEntries(Object.entries(fields).map(([name, part]) => [name, withPages(part)]));
  const { edges, pageInfo, ...rest } = fields;
  return {
    data: edges.map(({ node }) => withPages(node)),
    ...(pageInfo && { page: pageInfo }),
    ...(withPages(rest) as Fields),
  };
}

/** Returns the schema of an object with exactly these properties. */
export function objectSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const selectedBy = (nodes: Nodes, fragments: Fragments) => fieldsOf(selectionsOf(nodes), fragments);

function schemaOf(type: GraphQLOutputType, nodes: Nodes, fragments: Fragments): JsonSchema {
  return isNonNullType(type)
    ? presentSchema(type.ofType, nodes, fragments)
    : nullable(presentSchema(type, nodes, fragments));
}

/** Types only: formats and patterns would fill the context of a model, to which every tool is described. */
function presentSchema(type: GraphQLOutputType, nodes: Nodes, fragments: Fragments): JsonSchema {
  if (isNonNullType(type)) return presentSchema(type.ofType, nodes, fragments);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, nodes, fragments) };
  if (isEnumType(type)) return { type: 'string' };
  if (!isObjectType(type)) {
    const scalar = scalarSchemas[getNamedType(type).name];
    return scalar?.type ? { type: scalar.type } : {};
  }
  const properties: Record<string, JsonSchema> = {};
  for (const [key, each] of selectedBy(nodes, fragments)) {
    const field = type.getFields()[each[0]?.name.value ?? ''];
    properties[key] = field ? schemaOf(field.type, each, fragments) : { type: 'string' };
  }
  const { edges, pageInfo, ...rest } = properties;
  const node = edges?.items?.properties?.node;
  if (!node) return objectSchema(properties);
  return objectSchema({ data: { type: 'array', items: node }, ...(pageInfo && { page: pageInfo }), ...rest });
}

/**
 * Returns the JSON Schema of what an operation selects at a path of its data, when it is not null, in the form that `withPages`
 * gives it. Throws for a path that is not selected.
 */
export function answerSchema(schema: GraphQLSchema, { text, definition }: TrustedOperation, path: string): JsonSchema {
  const fragments = fragmentsOf(parse(text));
  let type: GraphQLOutputType | undefined = schema.getRootType(definition.operation) ?? undefined;
  let nodes: Nodes = [];
  let fields = fieldsOf([definition.selectionSet], fragments);
  for (const key of path.split('.')) {
    nodes = fields.get(key) ?? [];
    const parent: GraphQLNamedType | undefined = getNamedType(type);
    type = isObjectType(parent) ? parent.getFields()[nodes[0]?.name.value ?? '']?.type : undefined;
    fields = selectedBy(nodes, fragments);
  }
  if (!type) throw new Error(`${definition.name?.value} selects no ${path}.`);
  return presentSchema(type, nodes, fragments);
}
