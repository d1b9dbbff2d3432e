import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

// The shared scalars of common.graphql.

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Whether `text` is a Gregorian date written `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** Parses a value; undefined when it is invalid. */
type Read<Value> = (value: unknown) => Value | undefined;

const readInstant: Read<Date> = (value) => {
  if (value instanceof Date) return value;
  if (typeof value !== 'string' || !INSTANT.test(value) || !isCalendarDay(value.slice(0, 10))) return undefined;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
};
const readDay: Read<string> = (value) => (typeof value === 'string' && isCalendarDay(value) ? value : undefined);
const readDecimal: Read<string> = (value) => (typeof value === 'string' && DECIMAL.test(value) ? value : undefined);
const readLong: Read<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : undefined);

interface ScalarOptions<Internal, External> {
  name: string;
  /** The error message for an invalid value. */
  demand: string;
  read: Read<Internal>;
  write(value: Internal): External;
}

function literalOf(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.STRING ? node.value : undefined;
}

function scalar<Internal, External>({ name, demand, read, write }: ScalarOptions<Internal, External>) {
  const parse = (value: unknown): Internal => {
    const known = typeof value === 'object' ? undefined : read(value);
    if (known !== undefined) return known;
    throw new GraphQLError(demand, { extensions: { code: 'BAD_USER_INPUT' } });
  };
  return new GraphQLScalarType<Internal, External>({
    name,
    parseValue: parse,
    parseLiteral: (node) => parse(literalOf(node)),
    serialize: (value) => {
      const known = read(value);
      // Our error, not the client's, hence without a code.
      if (known === undefined) throw new Error(`A resolver gave ${name} a value that is none.`);
      return write(known);
    },
  });
}

const asItIs = <Value>(value: Value) => value;

export const DateTime = scalar({
  name: 'DateTime',
  demand: 'DateTime must look like "2026-10-05T10:11:12Z".',
  read: readInstant,
  write: (instant) => instant.toISOString(),
});

export const CalendarDate = scalar({
  name: 'Date',
  demand: 'Date must be a calendar day like "2026-10-05".',
  read: readDay,
  write: asItIs,
});

export const Decimal = scalar({
  name: 'Decimal',
  demand: 'Decimal must be a string like "12.34".',
  read: readDecimal,
  write: asItIs,
});

export const Long = scalar({
  name: 'Long',
  demand: 'Long must be a whole number up to 2^53 − 1.',
  read: readLong,
  write: asItIs,
});

/** Any JSON, output only. */
export const Json = new GraphQLScalarType<never, unknown>({
  name: 'JSON',
  serialize: asItIs,
  parseValue: () => {
    throw new GraphQLError('JSON is never given.', { extensions: { code: 'BAD_USER_INPUT' } });
  },
});

/** Resolvers of the shared scalars. */
export const scalars = { DateTime, Date: CalendarDate, Decimal, Long, JSON: Json };
