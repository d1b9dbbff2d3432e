import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';

/** The cost of a field by `@cost` and `@listSize`, and the bytes of its value. */
export interface FieldCost {
  /** The named type. */
  type: string;
  isObject: boolean;
  isList: boolean;
  weight: number;
  /** List size without an argument that decides it. */
  assumedSize: number;
  /** Arguments that decide the size: numbers of items, ranges of days, or lists of keys. */
  sizingArguments: string[];
  /** Fields of its type with that size; none = the field itself. */
  sizedFields: string[];
  defaults: Map<string, ConstValueNode>;
  /** Points for each day of an argument that chooses days, whose stored rows are read: the weight of `range`. */
  dayWeight: number;
  /** Points for the stored rows it reads whatever its days: the weights of its other arguments. */
  rowWeight: number;
  /** Assumed bytes of one value that is no object. */
  valueBytes: number;
}

/** By type and field name. */
export type CostSchema = Map<string, Map<string, FieldCost>>;

/** List size without `@listSize`. */
const ASSUMED_SIZE = 10;
/** Of a mutation field, as in the IBM cost specification. */
const MUTATION_WEIGHT = 10;
/** The input type that decides how many days a list has. */
const RANGE_TYPE = 'DateRangeInput';

/** Bytes of a value as JSON: exact where the type bounds it, else what is usual. */
const VALUE_BYTES: Record<string, number> = {
  Boolean: 5,
  Int: 11,
  Float: 22,
  ID: 60,
  String: 120,
  DateTime: 26,
  Date: 12,
  Decimal: 30,
  Long: 17,
  JSON: 1_000,
};
/** Of an enum value. */
const NAME_BYTES = 32;

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

/** Whether an argument decides the size of a list by itself: a range of days, or the keys of the items. */
function decidesSize({ type }: InputValueDefinitionNode): boolean {
  const { name, isList } = namedTypeOf(type);
  return name === RANGE_TYPE || (isList && name === 'ID' && type.kind === Kind.NON_NULL_TYPE);
}

const choosesDays = ({ type }: InputValueDefinitionNode) => namedTypeOf(type).name === RANGE_TYPE;

const weightOf = ({ directives }: InputValueDefinitionNode): number =>
  (argumentOf(
    directives?.find(({ name }) => name.value === 'cost'),
    'weight',
  ) as number | undefined) ?? 0;

function costOf(field: FieldDefinitionNode, isObject: (type: string) => boolean, usualWeight: number): FieldCost {
  const { name: type, isList } = namedTypeOf(field.type);
  const directive = (name: string) => field.directives?.find((candidate) => candidate.name.value === name);
  const [cost, listSize] = [directive('cost'), directive('listSize')];
  const given = field.arguments ?? [];
  const defaults = given.flatMap(({ name, defaultValue }) =>
    defaultValue ? ([[name.value, defaultValue]] as const) : [],
  );
  const slicingArguments = argumentOf(listSize, 'slicingArguments') as string[] | undefined;
  const sizedFields = (argumentOf(listSize, 'sizedFields') as string[] | undefined) ?? [];
  const deciding = isList || sizedFields.length > 0 ? given.filter(decidesSize).map(({ name }) => name.value) : [];
  return {
    type,
    isObject: isObject(type),
    isList,
    weight: (argumentOf(cost, 'weight') as number | undefined) ?? usualWeight,
    assumedSize: (argumentOf(listSize, 'assumedSize') as number | undefined) ?? ASSUMED_SIZE,
    sizingArguments: slicingArguments ?? deciding,
    sizedFields,
    defaults: new Map(defaults),
    dayWeight: Math.max(0, ...given.filter(choosesDays).map(weightOf)),
    rowWeight: given.filter((one) => !choosesDays(one)).reduce((sum, one) => sum + weightOf(one), 0),
    valueBytes: VALUE_BYTES[type] ?? NAME_BYTES,
  };
}

/**
 * Reads field costs from a supergraph. https://ibm.github.io/graphql-specs/cost-spec.html; a list without slicing
 * arguments has the size of its `DateRangeInput` in days, or of its required list of ids.
 */
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
