import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { nearestName } from '#runtime/config/nearest-name.js';
import type { Problem } from '#runtime/errors.js';
import { scalars } from '#schema/scalars.js';

const MAX_INT = 2 ** 31 - 1;

const isText = (value: unknown) => typeof value === 'string';
const isInt = (value: unknown) =>
  Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= -MAX_INT - 1;

/** What a value of the scalars of GraphQL is, without its coercions: an id is no number. */
const builtIn: Record<string, { demand: string; isValid(value: unknown): boolean } | undefined> = {
  String: { demand: 'must be a text', isValid: isText },
  ID: { demand: 'must be a text', isValid: isText },
  Int: { demand: 'must be a whole number', isValid: isInt },
  Float: { demand: 'must be a number', isValid: (value) => Number.isFinite(value) },
  Boolean: { demand: 'must be true or false', isValid: (value) => typeof value === 'boolean' },
};

function problemOfScalar(name: string, value: unknown): string | undefined {
  const known = builtIn[name];
  if (known) return known.isValid(value) ? undefined : known.demand;
  const ours = scalars[name as keyof typeof scalars];
  if (!ours) return undefined;
  try {
    ours.parseValue(value);
    return undefined;
  } catch (error) {
    return `is invalid: ${(error as Error).message.replace(/\.$/, '')}`;
  }
}

/** Completes "the name …" for one that is not known. */
export function describeUnknown(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest) return `is unknown: did you mean "${nearest}"?`;
  return known.length > 0 ? `is unknown: there are ${known.join(', ')}` : 'is unknown: there is none';
}

/** Returns every problem of a value of an input type, which is taken as it is: nothing is converted. */
export function checkValue(type: GraphQLInputType, value: unknown, argument: string): Problem[] {
  if (value === null) return isNonNullType(type) ? [{ argument, problem: 'must not be null' }] : [];
  const bare = getNullableType(type);
  if (isListType(bare)) {
    if (!Array.isArray(value)) return [{ argument, problem: 'must be a list' }];
    return value.flatMap((item, index) => checkValue(bare.ofType, item, `${argument}[${index}]`));
  }
  if (isEnumType(bare)) {
    if (isText(value) && bare.getValue(value as string)) return [];
    const names = bare.getValues().map(({ name }) => name);
    return [{ argument, problem: `must be one of ${names.join(', ')}` }];
  }
  if (isInputObjectType(bare)) {
    if (typeof value !== 'object' || Array.isArray(value)) return [{ argument, problem: 'must be an object' }];
    const given = value as Record<string, unknown>;
    const fields = bare.getFields();
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
    return [
      ...unknown.map((name) => ({
        argument: `${argument}.${name}`,
        problem: describeUnknown(name, Object.keys(fields)),
      })),
      ...Object.values(fields).flatMap((field) => {
        const path = `${argument}.${field.name}`;
        if (Object.hasOwn(given, field.name)) return checkValue(field.type, given[field.name], path);
        const isRequired = isNonNullType(field.type) && field.defaultValue === undefined;
        return isRequired ? [{ argument: path, problem: 'is missing' }] : [];
      }),
    ];
  }
  const problem = isScalarType(bare) ? problemOfScalar(bare.name, value) : undefined;
  return problem ? [{ argument, problem }] : [];
}

const INT = /^-?\d{1,10}$/;

/** Returns a text of a path or a query as a value of the type; unchanged where it is none, for `checkValue`. */
export function valueOfText(type: GraphQLInputType, text: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return valueOfText(bare.ofType, text);
  if (isEnumType(bare)) return text.toUpperCase();
  if (!isScalarType(bare)) return text;
  if (bare.name === 'Boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  if ((bare.name === 'Int' || bare.name === 'Long') && INT.test(text)) return Number(text);
  return text;
}
