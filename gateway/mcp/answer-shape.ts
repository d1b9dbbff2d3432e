import {
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { TrustedOperation } from '#schema/trusted-operations.js';

/** A JSON Schema (2020-12), as far as answers need it. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean;
}

type Fields = Record<string, unknown>;

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

const scalarTypes: Record<string, string | undefined> = {
  Int: 'integer',
  Long: 'integer',
  Float: 'number',
  Boolean: 'boolean',
};

const orNull = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  ...(schema.type && { type: [schema.type as string, 'null'] }),
  ...(schema.enum && { enum: [...schema.enum, null] }),
});

interface Documents {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
}

interface Selected {
  type: GraphQLOutputType;
  set: SelectionSetNode | undefined;
}

/** Returns the selected fields by the name they have in the answer, with those of fragments. */
function selectedFields({ selections }: SelectionSetNode, { fragments }: Documents) {
  const fields = new Map<string, { name: string; selectionSet?: SelectionSetNode }>();
  const add = (set: SelectionSetNode) => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        fields.set(node.alias?.value ?? node.name.value, { name: node.name.value, selectionSet: node.selectionSet });
      } else {
        const spread = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
        if (spread) add(spread.selectionSet);
      }
    }
  };
  add({ kind: Kind.SELECTION_SET, selections });
  return fields;
}

function schemaOf(type: GraphQLOutputType, set: SelectionSetNode | undefined, documents: Documents): JsonSchema {
  if (isNonNullType(type)) return schemaOfNonNull(type.ofType, set, documents);
  return orNull(schemaOfNonNull(type, set, documents));
}

function schemaOfNonNull(type: GraphQLOutputType, set: SelectionSetNode | undefined, documents: Documents): JsonSchema {
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, set, documents) };
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
  if (!isObjectType(type) || !set) {
    const { name } = getNamedType(type);
    return name === 'JSON' ? {} : { type: scalarTypes[name] ?? 'string' };
  }
  const properties: Record<string, JsonSchema> = {};
  for (const [key, { name, selectionSet }] of selectedFields(set, documents)) {
    const field = type.getFields()[name];
    properties[key] = field ? schemaOf(field.type, selectionSet, documents) : { type: 'string' };
  }
  const { edges, pageInfo, ...rest } = properties;
  const node = edges?.items?.properties?.node;
  if (!node) return objectSchema(properties);
  return objectSchema({ data: { type: 'array', items: node }, ...(pageInfo && { page: pageInfo }), ...rest });
}

/** Returns the schema of an object with exactly these properties. */
export function objectSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** Returns the value at a path such as `organization.campaigns`; undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, name) => (part as Fields | null | undefined)?.[name], value);
}

/**
 * Returns the JSON Schema of what an operation selects at a path of its data, when it is not null, in the form that `withPages`
 * gives it. Throws for a path that is not selected.
 */
export function answerSchema(schema: GraphQLSchema, { text, definition }: TrustedOperation, path: string): JsonSchema {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of parse(text).definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const documents = { schema, fragments };
  const root = schema.getRootType(definition.operation);
  if (!root) throw new Error(`The schema has no ${definition.operation}.`);
  const select = ({ type, set }: Selected, key: string): Selected => {
    const selected = set && selectedFields(set, documents).get(key);
    const parent = getNamedType(type);
    const field = selected && isObjectType(parent) ? parent.getFields()[selected.name] : undefined;
    if (!field) throw new Error(`${definition.name?.value} selects no ${path}.`);
    return { type: field.type, set: selected?.selectionSet };
  };
  const { type, set } = path.split('.').reduce(select, { type: root, set: definition.selectionSet });
  return schemaOfNonNull(isNonNullType(type) ? type.ofType : type, set, documents);
}
