import { describe, expect, it } from '@jest/globals';
import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql';
import { CalendarDate, DateTime, Decimal, isCalendarDay, Long, scalars } from './scalars.js';

const literal = (scalar: GraphQLScalarType<unknown, unknown>, text: string) =>
  scalar.parseLiteral(parseValue(text), {});

function expectRefused(work: () => unknown): void {
  let refusal: unknown;
  try {
    work();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(GraphQLError);
  expect((refusal as GraphQLError).extensions.code).toBe('BAD_USER_INPUT');
}

function refuses(scalar: GraphQLScalarType<any, any>, values: unknown[], literals: string[]): void {
  it.each(values.map((value) => [value]))('refuses %j, in and out', (value) => {
    expectRefused(() => scalar.parseValue(value));
    expect(() => scalar.serialize(value)).toThrow();
  });
  it.each(literals.map((text) => [text]))('refuses the literal %s', (text) => {
    expectRefused(() => literal(scalar, text));
  });
}

it('the shared scalars stand under their names', () => {
  expect(Object.entries(scalars).map(([name, scalar]) => [name, scalar.name])).toEqual(
    ['DateTime', 'Date', 'Decimal', 'Long', 'JSON'].map((name) => [name, name]),
  );
});

describe('DateTime', () => {
  const instant = '2026-10-05T10:11:12.000Z';

  it.each([
    ['2026-10-05T10:11:12Z', instant],
    ['2026-10-05T10:11:12.5Z', '2026-10-05T10:11:12.500Z'],
    ['2026-10-05T12:11:12+02:00', instant],
    ['2026-10-05T10:11:12.123456789Z', '2026-10-05T10:11:12.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s as the instant %s', (text, expected) => {
    expect(DateTime.parseValue(text).toISOString()).toBe(expected);
    expect((literal(DateTime, `"${text}"`) as Date).toISOString()).toBe(expected);
  });

  it('leaves in UTC with milliseconds', () => {
    expect(DateTime.serialize(new Date(instant))).toBe(instant);
    expect(DateTime.serialize('2026-10-05T12:11:12+02:00')).toBe(instant);
  });

  refuses(
    DateTime,
    [
      ...['', 'now', '2026-10-05', '2026-10-05T10:11:12', '2026-10-05 10:11:12Z', '2026-10-05T10:11Z'],
      ...['2026-13-05T10:11:12Z', '2026-10-05T25:11:12Z', '2026-02-30T10:11:12Z', '2027-02-29T10:11:12Z'],
      ...[1_790_000_000_000, null, true, {}],
    ],
    ['1790000000000', 'null', 'NOW', '["2026-10-05T10:11:12Z"]'],
  );
});

describe('Date', () => {
  it.each([['2026-10-05'], ['2028-02-29'], ['0001-01-01'], ['9999-12-31']])('is the day %s', (day) => {
    expect(CalendarDate.parseValue(day)).toBe(day);
    expect(CalendarDate.serialize(day)).toBe(day);
    expect(literal(CalendarDate, `"${day}"`)).toBe(day);
    expect(isCalendarDay(day)).toBe(true);
  });

  refuses(
    CalendarDate,
    [
      ...['', '2026-02-30', '2027-02-29', '2026-13-01', '2026-00-10', '2026-10-00', '2026-10-5', '26-10-05'],
      ...['2026/10/05', '2026-10-05T00:00:00Z', ' 2026-10-05', '2026-10-05\n', 20261005, null, new Date()],
    ],
    ['20261005', 'null', 'TODAY'],
  );
});

describe('Decimal', () => {
  it.each([['0'], ['12.34'], ['-0.50'], ['1234567890123456789.123456789']])('is exactly %s', (text) => {
    expect(Decimal.parseValue(text)).toBe(text);
    expect(Decimal.serialize(text)).toBe(text);
    expect(literal(Decimal, `"${text}"`)).toBe(text);
  });

  refuses(
    Decimal,
    ['', '.5', '1.', '1e3', '+1', '01', '1,5', 'NaN', 'Infinity', '0x10', ' 1', '1\n', 1.5, 1, null],
    ['1.5', '1', 'null'],
  );
});

describe('Long', () => {
  it.each([0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('is the whole number %d', (value) => {
    expect(Long.parseValue(value)).toBe(value);
    expect(Long.serialize(value)).toBe(value);
    expect(literal(Long, String(value))).toBe(value);
  });

  refuses(
    Long,
    [1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1', null, 1n, true],
    ['9007199254740992', '1.5', '"1"', 'null', 'true'],
  );
});
