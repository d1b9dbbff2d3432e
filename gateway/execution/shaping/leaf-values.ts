import { type EnumType, isCustomScalarType, isEnumType, type LeafType } from '@apollo/federation-internals';

/** The largest whole number that is written without an exponent. */
const MAX_PLAIN_INTEGER = 1e21;

const isWhole = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) < MAX_PLAIN_INTEGER;

const BUILT_IN: Record<string, (value: unknown) => boolean> = {
  Boolean: (value) => typeof value === 'boolean',
  Int: isWhole,
  Float: (value) => Number.isFinite(value),
  ID: (value) => typeof value === 'string' || isWhole(value),
  String: (value) => typeof value === 'string',
};

function isNameIn(type: EnumType): (value: unknown) => boolean {
  const names = new Set<unknown>(type.values.map(({ name }) => name));
  return (value) => names.has(value);
}

/** Returns the check of what a subgraph answered as a value of a scalar or an enumeration; undefined = anything is valid. */
export function leafCheckOf(type: LeafType): ((value: unknown) => boolean) | undefined {
  if (isEnumType(type)) return isNameIn(type);
  return isCustomScalarType(type) ? undefined : BUILT_IN[type.name];
}
