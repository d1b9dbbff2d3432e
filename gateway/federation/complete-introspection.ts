import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isIntrospectionType, isObjectType } from 'graphql';

/** The part of a schema of Apollo's query planner that is used here. */
interface PlannerField {
  argument(name: string): unknown;
  addArgument(name: string, type: unknown, defaultValue?: unknown): unknown;
}
interface PlannerType {
  field(name: string): PlannerField | undefined;
  addField(name: string, type: unknown): PlannerField;
}
export interface PlannerSchema {
  type(name: string): PlannerType | undefined;
  runWithBuiltInModificationAllowed(change: () => void): void;
}

function complete(planner: PlannerSchema, type: GraphQLObjectType): void {
  const known = planner.type(type.name);
  if (!known) return;
  for (const { name, type: fieldType, args } of Object.values(type.getFields())) {
    const field = known.field(name) ?? known.addField(name, planner.type(getNamedType(fieldType).name));
    for (const { name: argument, type: argumentType, defaultValue } of args) {
      if (field.argument(argument)) continue;
      field.addArgument(argument, planner.type(getNamedType(argumentType).name), defaultValue);
    }
  }
}

/**
 * Adds the fields and arguments of introspection that graphql-js announces and answers, and Apollo's query planner does not
 * know: `__Type.isOneOf`.
 */
export function completeIntrospection(planner: PlannerSchema, announced: GraphQLSchema): void {
  planner.runWithBuiltInModificationAllowed(() => {
    for (const type of Object.values(announced.getTypeMap())) {
      if (isIntrospectionType(type) && isObjectType(type)) complete(planner, type);
    }
  });
}
