import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import type { Permissions } from '#kit/permission.js';

// What the tests of permissions and tenants read from the schema, so that they forget nothing new.

/** Given by federation; the rules for them are not listed by subgraphs. */
const FEDERATION_FIELDS = ['_entities', '_service'];

const rootFieldsOf = (schema: GraphQLSchema, root: 'Query' | 'Mutation'): string[] =>
  Object.keys((root === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {}).filter(
    (field) => !FEDERATION_FIELDS.includes(field),
  );

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

function isEntity({ directives = [] }: ObjectNode): boolean {
  const isUnresolvable = (key: NonNullable<ObjectNode['directives']>[number]) =>
    key.arguments?.some(
      ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
    );
  return directives.some((directive) => directive.name.value === 'key' && !isUnresolvable(directive));
}

/** Returns the types the gateway may ask `_entities` for. */
export function entityTypesIn(typeDefinitions: DocumentNode): string[] {
  const objects = typeDefinitions.definitions.filter(
    (node): node is ObjectNode => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  return [...new Set(objects.filter(isEntity).map(({ name }) => name.value))];
}

/** Returns what has no rule, and every rule that is for nothing; empty when the rules are complete. */
export function permissionGaps(
  typeDefinitions: DocumentNode,
  schema: GraphQLSchema,
  { Query, Mutation = {}, entities, fields = {} }: Permissions,
): string[] {
  const compare = (type: string, existing: string[], ruled: string[]) => [
    ...existing.filter((name) => !ruled.includes(name)).map((name) => `${type}.${name} has no rule`),
    ...ruled.filter((name) => !existing.includes(name)).map((name) => `${type}.${name} has a rule but does not exist`),
  ];
  const compareFields = ([name, rules]: [string, Record<string, unknown>]) => {
    const type = schema.getType(name);
    const existing = isObjectType(type) ? Object.keys(type.getFields()) : [];
    return compare(name, existing, Object.keys(rules)).filter((gap) => gap.endsWith('does not exist'));
  };
  return [
    ...compare('Query', rootFieldsOf(schema, 'Query'), Object.keys(Query)),
    ...compare('Mutation', rootFieldsOf(schema, 'Mutation'), Object.keys(Mutation)),
    ...compare('entities', entityTypesIn(typeDefinitions), Object.keys(entities)),
    ...Object.entries(fields).flatMap(compareFields),
    ...(schema.getSubscriptionType() ? ['Subscription has no rules at all'] : []),
  ];
}

/** Values for arguments that any test may give: the right type, and nothing that exists. */
export function sampleOf(type: GraphQLInputType): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, sampleOf(field.type)]));
  }
  if (isEnumType(named)) return named.getValues()[0]?.name;
  const samples: Record<string, unknown> = {
    ID: '00000000-0000-4000-8000-000000000000',
    String: 'sample',
    Int: 1,
    Boolean: true,
    Date: '2026-09-01',
    Role: 'VIEWER',
    DateTime: '2026-09-01T00:00:00.000Z',
    Float: 1,
    Long: 1,
    Decimal: '1',
  };
  if (!(named.name in samples)) throw new Error(`Give schema-walk.ts a sample of ${named.name}.`);
  // One value stands for a list of one.
  return samples[named.name];
}

/** An operation that selects one root field with the arguments it requires. */
export interface RootField {
  /** `Query.report`. */
  name: string;
  query: string;
  variables: Record<string, unknown>;
}

/** Returns one operation for each field of Query and Mutation. */
export function rootFieldsIn(schema: GraphQLSchema): RootField[] {
  return (['Query', 'Mutation'] as const).flatMap((root) =>
    rootFieldsOf(schema, root).map((name) => {
      const type = root === 'Query' ? schema.getQueryType() : schema.getMutationType();
      const field = type?.getFields()[name];
      if (!field) throw new Error(`${root}.${name} is gone`);
      const required = field.args.filter(isRequiredArgument);
      const declared = required.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
      const given = required.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
      const selection = `${name}${given && `(${given})`}${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''}`;
      return {
        name: `${root}.${name}`,
        query: `${root.toLowerCase()} Ask${declared && `(${declared})`} { ${selection} }`,
        variables: Object.fromEntries(required.map((argument) => [argument.name, sampleOf(argument.type)])),
      };
    }),
  );
}

function idPathsIn(name: string, type: GraphQLInputType, seen: string[] = []): string[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [name];
  if (!isInputObjectType(named) || seen.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    idPathsIn(`${name}.${field.name}`, field.type, [...seen, named.name]),
  );
}

/** Returns every argument that takes an id, as `Type.field(argument)` or `Type.field(argument.inputField)`. */
export function idArgumentsIn(schema: GraphQLSchema): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (typeName: string): void => {
    const type = schema.getType(typeName);
    if (seen.has(typeName)) return;
    seen.add(typeName);
    if (!type || !isCompositeType(type)) return;
    const members = isObjectType(type) ? [] : schema.getPossibleTypes(type);
    for (const member of members) visit(member.name);
    if (!('getFields' in type)) return;
    for (const field of Object.values(type.getFields())) {
      const paths = field.args.flatMap((argument: GraphQLArgument) => idPathsIn(argument.name, argument.type));
      found.push(...paths.map((path) => `${typeName}.${field.name}(${path})`));
      visit(getNamedType(field.type).name);
    }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root) visit(root.name);
  }
  return found;
}
