import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';

/** The cost of a field by `@cost` and `@listSize`. */
export interface FieldCost {
  /** The named type. */
  type: string;
  isObject: boolean;
  isList: boolean;
  weight: number;
  /** List size without a slicing argument. */
  assumedSize: number;
  slicingArguments: string[];
  /** Fields of its type with that size; none = the field itself. */
  sizedFields: string[];
  defaults: Map<string, ConstValueNode>;
}

/** By type and field name. */
export type CostSchema = Map<string, Map<string, FieldCost>>;

/** List size without `@listSize`. */
const ASSUMED_SIZE = 10;
/** Of a mutation field, as in the IBM cost specification. */
const MUTATION_WEIGHT = 10;

function namedTypeOf(type: TypeNode): { name: string; isList: boolean } {
  if (type.kind === Kind.NAMED_TYPE) return { name: type.name.value, isList: false };
  const inner = namedTypeOf(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...inner, isList: true } : inner;
}

function argumentOf(directive: ConstDirectiveNode | undefined, name: string): unknown {
  const node = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  const plain = (value: ConstValueNode): unknown => {
    if (value.kind === Kind.LIST) return value.values.map(plain);
    return value.kind === Kind.INT ? Number(value.value) : 'value' in value ? value.value : undefined;
  };
  return node && plain(node);
}

function costOf(field: FieldDefinitionNode, isObject: (type: string) => boolean, usualWeight: number): FieldCost {
  const { name: type, isList } = namedTypeOf(field.type);
  const directive = (name: string) => field.directives?.find((candidate) => candidate.name.value === name);
  const [cost, listSize] = [directive('cost'), directive('listSize')];
  const defaults = (field.arguments ?? []).flatMap(({ name, defaultValue }) =>
    defaultValue ? ([[name.value, defaultValue]] as const) : [],
  );
  return {
    type,
    isObject: isObject(type),
    isList,
    weight: (argumentOf(cost, 'weight') as number | undefined) ?? usualWeight,
    assumedSize: (argumentOf(listSize, 'assumedSize') as number | undefined) ?? ASSUMED_SIZE,
    slicingArguments: (argumentOf(listSize, 'slicingArguments') as string[] | undefined) ?? [],
    sizedFields: (argumentOf(listSize, 'sizedFields') as string[] | undefined) ?? [],
    defaults: new Map(defaults),
  };
}

/** Reads field costs from a supergraph. https://ibm.github.io/graphql-specs/cost-spec.html */
export function readCostSchema(supergraphSdl: string): CostSchema {
  const types = parse(supergraphSdl, { noLocation: true }).definitions.filter(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION,
  );
  const names = new Set(types.map(({ name }) => name.value));
  return new Map(
    types.map(({ name, fields = [] }) => {
      const usualWeight = name.value === 'Mutation' ? MUTATION_WEIGHT : 0;
      const costs = fields.map(
        (field) => [field.name.value, costOf(field, (type) => names.has(type), usualWeight)] as const,
      );
      return [name.value, new Map(costs)];
    }),
  );
}
