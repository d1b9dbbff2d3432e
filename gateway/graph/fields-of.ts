import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

/** Returns the fields a document asks for, each once, as `Type.field`; introspection is not among them. */
export function fieldsOf(schema: GraphQLSchema, document: DocumentNode): string[] {
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
