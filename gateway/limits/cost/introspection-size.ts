import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isLeafType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { jsonSize } from '#kit/json-size.js';

type Variables = Record<string, unknown>;
type FieldDefinition = typeof SchemaMetaFieldDef;

/** Returns the bytes as JSON of the answer to `__schema` and `__type`, at most about `maxBytes`, without making it. */
export function introspectionSize(
  schema: GraphQLSchema,
  selections: readonly FieldNode[],
  fragments: Record<string, FragmentDefinitionNode | undefined>,
  variables: Variables,
  maxBytes: number,
): number {
  // The same type is described again and again.
  const measured = new Map<SelectionSetNode, Map<unknown, number>>();
  const info = { schema } as GraphQLResolveInfo;

  function sizeOfField(definition: FieldDefinition, node: FieldNode, source: unknown): number {
    const value = definition.resolve?.(source, getArgumentValues(definition, node, variables), undefined, info);
    const type = getNamedType(definition.type);
    const key = (node.alias ?? node.name).value.length + 4;
    if (isLeafType(type) || !node.selectionSet) return key + jsonSize(value);
    if (value === null || value === undefined) return key + 4;
    const items = Array.isArray(value) ? value : [value];
    return items.reduce((sum, item) => {
      if (sum > maxBytes) return sum;
      return sum + 1 + sizeOfObject(type as GraphQLObjectType, node.selectionSet as SelectionSetNode, item);
    }, key + 2);
  }

  function measure(type: GraphQLObjectType, { selections }: SelectionSetNode, source: unknown): number {
    let size = 2;
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) {
        const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
        if (inner) size += sizeOfObject(type, inner.selectionSet, source);
      } else {
        const definition = type.getFields()[selection.name.value];
        size += definition ? sizeOfField(definition, selection, source) : 40;
      }
      if (size > maxBytes) return size;
    }
    return size;
  }

  function sizeOfObject(type: GraphQLObjectType, selectionSet: SelectionSetNode, source: unknown): number {
    const sizes = measured.get(selectionSet) ?? new Map<unknown, number>();
    measured.set(selectionSet, sizes);
    const size = sizes.get(source) ?? measure(type, selectionSet, source);
    sizes.set(source, size);
    return size;
  }

  return selections.reduce((sum, node) => {
    if (sum > maxBytes) return sum;
    return sum + sizeOfField(node.name.value === '__schema' ? SchemaMetaFieldDef : TypeMetaFieldDef, node, undefined);
  }, 0);
}
