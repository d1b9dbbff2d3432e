import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

// The shared scalars of common.graphql: how each is read from a client and written to one.

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Whether `text` is a day of the Gregorian calendar written `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function parseInstant(value: unknown): Date {
  const instant = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
  if (!instant || Number.isNaN(instant.getTime())) refuse('DateTime must look like "2026-10-05T10:11:12Z".');
  return instant;
}

function parseDay(value: unknown): string {
  if (typeof value !== 'string' || !isCalendarDay(value)) refuse('Date must be a calendar day like "2026-10-05".');
  return value;
}

function parseDecimal(value: unknown): string {
  if (typeof value !== 'string' || !DECIMAL.test(value)) refuse('Decimal must be a string like "12.34".');
  return value;
}

function parseLong(value: unknown): number {
  if (!Number.isSafeInteger(value)) refuse('Long must be a whole number up to 2^53 − 1.');
  return value as number;
}

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : parseInstant(value)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
});

export const CalendarDate = new GraphQLScalarType<string, string>({
  name: 'Date',
  serialize: parseDay,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(textOf(node)),
});

export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  serialize: parseDecimal,
  parseValue: parseDecimal,
  parseLiteral: (node) => parseDecimal(textOf(node)),
});

export const Long = new GraphQLScalarType<number, number>({
  name: 'Long',
  serialize: parseLong,
  parseValue: parseLong,
  parseLiteral: (node) => parseLong(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Resolvers of the shared scalars, under their names in common.graphql. */
export const scalars = { DateTime, Date: CalendarDate, Decimal, Long };
