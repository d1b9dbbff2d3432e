import { invalidArgument } from '#simulator/google/errors.js';
import { readRe2 } from '#simulator/re2.js';
import type { Filter, FilterExpression } from './report-request.js';

/** Evaluates a filter over the values of its fields. */
export type Test = (textOf: (field: string) => string) => boolean;

/** Returns a filter's predicate. Throws unless exactly one member is set. */
export function testOf(expression: FilterExpression | undefined): Test {
  if (!expression) return () => true;
  const { filter, andGroup, orGroup, notExpression } = expression;
  if ([filter, andGroup, orGroup, notExpression].filter(Boolean).length !== 1) {
    throw invalidArgument('A filter expression must have exactly one of filter, andGroup, orGroup and notExpression.');
  }
  if (filter) return testOfOne(filter);
  if (notExpression) {
    const test = testOf(notExpression);
    return (textOf) => !test(textOf);
  }
  const tests = (andGroup ?? orGroup)?.expressions.map(testOf) ?? [];
  return andGroup ? (textOf) => tests.every((test) => test(textOf)) : (textOf) => tests.some((test) => test(textOf));
}

/** Returns the names of a filter's fields. */
export function fieldsOf(expression: FilterExpression | undefined): string[] {
  if (!expression) return [];
  const { filter, andGroup, orGroup, notExpression } = expression;
  const inner = [
    ...(andGroup?.expressions ?? []),
    ...(orGroup?.expressions ?? []),
    ...(notExpression ? [notExpression] : []),
  ];
  return [...(filter ? [filter.fieldName] : []), ...inner.flatMap(fieldsOf)];
}

function testOfOne({ fieldName, stringFilter, inListFilter, numericFilter, betweenFilter, emptyFilter }: Filter): Test {
  const kinds = [stringFilter, inListFilter, numericFilter, betweenFilter, emptyFilter];
  if (kinds.filter(Boolean).length !== 1) {
    throw invalidArgument(`The filter of ${fieldName} must have exactly one of its kinds.`);
  }
  const passes = stringFilter
    ? textTest(stringFilter)
    : inListFilter
      ? listTest(inListFilter)
      : numericFilter
        ? numberTest(numericFilter)
        : betweenFilter
          ? (text: string) => Number(text) >= betweenFilter.fromValue && Number(text) <= betweenFilter.toValue
          : (text: string) => text === '' || text === '(not set)';
  return (textOf) => passes(textOf(fieldName));
}

function textTest({ matchType, value, caseSensitive }: NonNullable<Filter['stringFilter']>): (text: string) => boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const expected = fold(value);
  switch (matchType) {
    case 'BEGINS_WITH':
      return (text) => fold(text).startsWith(expected);
    case 'ENDS_WITH':
      return (text) => fold(text).endsWith(expected);
    case 'CONTAINS':
      return (text) => fold(text).includes(expected);
    case 'FULL_REGEXP':
      return regexTest(value, { whole: true, flags: caseSensitive ? 'u' : 'iu' });
    case 'PARTIAL_REGEXP':
      return regexTest(value, { whole: false, flags: caseSensitive ? 'u' : 'iu' });
    default:
      return (text) => fold(text) === expected;
  }
}

function regexTest(source: string, options: { whole: boolean; flags: string }): (text: string) => boolean {
  const pattern = readRe2(source, options);
  if (!pattern) throw invalidArgument(`The regular expression ${source} is invalid.`);
  return (text) => pattern.test(text);
}

function listTest({ values, caseSensitive }: NonNullable<Filter['inListFilter']>): (text: string) => boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const expected = new Set(values.map(fold));
  return (text) => expected.has(fold(text));
}

function numberTest({ operation, value }: NonNullable<Filter['numericFilter']>): (text: string) => boolean {
  switch (operation) {
    case 'EQUAL':
      return (text) => Number(text) === value;
    case 'LESS_THAN':
      return (text) => Number(text) < value;
    case 'LESS_THAN_OR_EQUAL':
      return (text) => Number(text) <= value;
    case 'GREATER_THAN':
      return (text) => Number(text) > value;
    case 'GREATER_THAN_OR_EQUAL':
      return (text) => Number(text) >= value;
  }
}
