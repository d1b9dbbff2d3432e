import {
  type ASTNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** How long, and for whom, a whole answer may be remembered: the strictest of its parts. `maxAge` 0 = not at all. */
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
 * Returns what the `@cacheControl` hints of the schema say about an operation, by the rules of Apollo Server: a field's
 * own hint goes before its type's; without either, root fields and fields that return objects may not be remembered,
 * and scalars follow their parent. Entities loaded by key follow the hint of their type.
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
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Field: () => {
        const field = typeInfo.getFieldDef();
        if (!field || field.name.startsWith('__') || field.name === '_entities') return;
        restrictByField(field, typeInfo.getParentType() === schema.getQueryType());
      },
      InlineFragment: () => {
        if (typeInfo.getParentType()?.name !== '_Entity') return;
        restrict({ maxAge: 0, ...hintOn(schema, typeInfo.getType() && getNamedType(typeInfo.getType())?.astNode) });
      },
    }),
  );
  return { maxAge: Number.isFinite(maxAge) ? maxAge : 0, scope };
}
