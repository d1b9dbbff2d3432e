import { invalidArgument } from '#simulator/google/refusal.js';
import type { Dimension, QueryFilter } from './query-request.js';

/** Returns whether something passes all filters. What has no label passes only what it is not. */
export function matcherOf(
  filters: readonly QueryFilter[],
): (labelOf: (dimension: Dimension) => string | null) => boolean {
  const tests = filters.map((filter) => ({ ...filter, test: testOf(filter) }));
  return (labelOf) => tests.every(({ dimension, test }) => test(labelOf(dimension) ?? ''));
}

function testOf({ operator, expression, dimension }: QueryFilter): (label: string) => boolean {
  const folds = dimension === 'country' || dimension === 'device' || operator.toLowerCase().endsWith('contains');
  const fold = (text: string) => (folds ? text.toLowerCase() : text);
  const wanted = fold(expression);
  switch (operator) {
    case 'equals':
      return (label) => fold(label) === wanted;
    case 'notEquals':
      return (label) => fold(label) !== wanted;
    case 'contains':
      return (label) => fold(label).includes(wanted);
    case 'notContains':
      return (label) => !fold(label).includes(wanted);
    case 'includingRegex':
    case 'excludingRegex': {
      const pattern = readPattern(expression);
      return (label) => pattern.test(label) === (operator === 'includingRegex');
    }
  }
}

function readPattern(expression: string): RegExp {
  try {
    return new RegExp(expression, 'u');
  } catch {
    throw invalidArgument(`The regular expression '${expression}' is invalid.`);
  }
}
