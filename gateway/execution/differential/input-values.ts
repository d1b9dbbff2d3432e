import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';

export type Random = () => number;

/** An input value, or a variable in its place. */
export type InputValue = null | boolean | number | string | InputValue[] | { [field: string]: InputValue } | Variable;

/** A reference to a variable. */
export class Variable {
  constructor(readonly name: string) {}
}

const scalars: Record<string, (random: Random) => InputValue> = {
  Int: (random) => Math.floor(random() * 20) - 2,
  Float: (random) => Math.floor(random() * 80) / 8,
  Long: (random) => Math.floor(random() * 1e6),
  Boolean: (random) => random() < 0.5,
  Date: () => '2026-10-01',
  DateTime: () => '2026-10-01T00:00:00Z',
  Decimal: (random) => (random() * 10).toFixed(2),
};

export const chance = (random: Random, probability: number): boolean => random() < probability;

export function choose<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** Returns a valid value of a type; `variableFor` may put a variable in its place or in that of a part. */
export function randomValue(
  type: GraphQLInputType,
  random: Random,
  variableFor: (type: GraphQLInputType) => Variable | undefined = () => undefined,
  depth = 0,
): InputValue {
  const variable = variableFor(type);
  if (variable) return variable;
  if (isNonNullType(type)) return nonNullValue(type.ofType, random, variableFor, depth);
  return chance(random, 0.12) ? null : nonNullValue(type, random, variableFor, depth);
}

function nonNullValue(
  type: GraphQLInputType,
  random: Random,
  variableFor: (type: GraphQLInputType) => Variable | undefined,
  depth: number,
): InputValue {
  if (isListType(type)) {
    // A single item stands for a list of it.
    if (chance(random, 0.15)) return randomValue(type.ofType, random, undefined, depth + 1);
    const length = Math.floor(random() * 3);
    return Array.from({ length }, () => randomValue(type.ofType, random, variableFor, depth + 1));
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const { name, type: only } = choose(random, fields);
      return { [name]: nonNullValue(only, random, () => undefined, depth + 1) };
    }
    const likelihood = depth > 2 ? 0 : 0.5;
    const given = fields.filter((field) => isRequiredInputField(field) || chance(random, likelihood));
    return Object.fromEntries(
      given.map(({ name, type: of }) => [name, randomValue(of, random, variableFor, depth + 1)]),
    );
  }
  if (isEnumType(type)) return choose(random, type.getValues()).name;
  if (!('name' in type)) throw new Error(`This is no input type: ${type}`);
  return scalars[type.name]?.(random) ?? choose(random, ['one', 'two "quoted"', 'drei\n', '']);
}

/** Prints a value as in a document. */
export function printValue(value: InputValue, type: GraphQLInputType): string {
  if (value instanceof Variable) return `$${value.name}`;
  if (value === null) return 'null';
  if (isNonNullType(type)) return printValue(value, type.ofType);
  if (isListType(type)) {
    if (!Array.isArray(value)) return printValue(value, type.ofType);
    return `[${value.map((item) => printValue(item, type.ofType)).join(', ')}]`;
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const printed = Object.entries(value as object).map(([name, inner]) => {
      const field = fields[name];
      return field ? `${name}: ${printValue(inner as InputValue, field.type)}` : '';
    });
    return `{${printed.join(', ')}}`;
  }
  return isEnumType(type) ? String(value) : JSON.stringify(value);
}
