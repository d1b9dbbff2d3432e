import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';

/** Something of the API that will be removed. */
export interface Deprecation {
  /** `User.name`, `Query.report(id:)`. */
  path: string;
  reason: string;
}

interface Part {
  name: string;
  deprecationReason?: string | null;
}

const deprecated = (parts: readonly Part[], pathOf: (name: string) => string): Deprecation[] =>
  parts.flatMap(({ name, deprecationReason }) =>
    typeof deprecationReason === 'string' ? [{ path: pathOf(name), reason: deprecationReason }] : [],
  );

function deprecationsOf(type: GraphQLNamedType): Deprecation[] {
  const within = (name: string) => `${type.name}.${name}`;
  if (isEnumType(type)) return deprecated(type.getValues(), within);
  if (isInputObjectType(type)) return deprecated(Object.values(type.getFields()), within);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [
    ...deprecated(fields, within),
    ...fields.flatMap((field) => deprecated(field.args, (name) => `${within(field.name)}(${name}:)`)),
  ];
}

/** Returns the deprecated fields, arguments, input fields and enum values of a schema. */
export function listDeprecations(schema: GraphQLSchema): Deprecation[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap(deprecationsOf);
}

const REASON = /^\S.* Removed on (\d{4}-\d{2}-\d{2})\.$/s;

/** Returns the day of removal that ends the reason, "Use `fullName`. Removed on 2027-03-31."; undefined = it names none. */
export function removalDayOf({ reason }: Deprecation): string | undefined {
  const day = REASON.exec(reason)?.[1];
  return day && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ? day : undefined;
}
