import {
  type ASTNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isCompositeType,
  Kind,
  type NamedTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** How long, and for whom, a response may be cached: the strictest of its parts. `maxAge` 0 = not at all. */
export interface CachePolicy {
  /** Seconds. */
  maxAge: number;
  scope: 'PUBLIC' | 'PRIVATE';
}

interface Hint extends Partial<CachePolicy> {
  inheritMaxAge?: boolean;
}

function hintOn(schema: GraphQLSchema, node: ASTNode | null | undefined): Hint {
  const directive = schema.getDirective('cacheControl');
  if (!directive || !node) return {};
  return getDirectiveValues(directive, node as Parameters<typeof getDirectiveValues>[1]) ?? {};
}

/**
 * Returns the cache policy of an operation by the `@cacheControl` hints and the rules of Apollo Server: a field's hint
 * precedes its type's; without either, root fields and fields of objects are not cacheable, and scalars follow their
 * parent. Entities loaded by key follow the hint of their type.
 */
export function cachePolicyOf(schema: GraphQLSchema, document: DocumentNode, operationName?: string): CachePolicy {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return { maxAge: 0, scope: 'PRIVATE' };
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: CachePolicy['scope'] = 'PUBLIC';
  const restrict = (hint: Hint) => {
    maxAge = Math.min(maxAge, hint.maxAge ?? maxAge);
    if (hint.scope === 'PRIVATE') scope = 'PRIVATE';
  };
  const restrictByField = (field: GraphQLField<unknown, unknown>, isRoot: boolean) => {
    const type = getNamedType(field.type);
    const hint = { ...hintOn(schema, type.astNode), ...hintOn(schema, field.astNode) };
    const isInherited = hint.inheritMaxAge || (!isRoot && !isCompositeType(type));
    restrict(isInherited ? hint : { maxAge: 0, ...hint });
  };
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.typeCondition] as const] : [],
    ),
  );
  const typeInfo = new TypeInfo(schema);
  // In an inline fragment TypeInfo's current type is already the fragment's; at a spread it is that of the parent.
  const restrictByEntity = (condition: NamedTypeNode | undefined) => {
    if (typeInfo.getParentType()?.name !== '_Entity' || !condition) return;
    restrict({ maxAge: 0, ...hintOn(schema, schema.getType(condition.name.value)?.astNode) });
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Field: () => {
        const field = typeInfo.getFieldDef();
        if (!field || field.name.startsWith('__') || field.name === '_entities') return;
        restrictByField(field, typeInfo.getParentType() === schema.getQueryType());
      },
      InlineFragment: ({ typeCondition }) => restrictByEntity(typeCondition),
      FragmentSpread: ({ name }) => restrictByEntity(fragments.get(name.value)),
    }),
  );
  return { maxAge: Number.isFinite(maxAge) ? maxAge : 0, scope };
}
