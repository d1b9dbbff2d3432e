import { readRe2 } from '#simulator/re2.js';
import { type Condition, GaqlError } from './query.js';
import { compareValues, type Row, type Value } from './row.js';

/** Returns a condition's predicate, prepared once for many rows. */
export function matcherOf({ field, operator, values }: Condition): (row: Row) => boolean {
  const texts = values.map((value) => value.text);
  const [one = '', two = ''] = texts;
  const compare = (row: Row, text: string) => compareValues(field, row[field], text);
  const test = (expected: boolean, accepts: (value: Value) => boolean) => (row: Row) => {
    const value = row[field];
    return value === undefined ? !expected : accepts(value) === expected;
  };
  switch (operator) {
    case '=':
      return test(true, (value) => isSame(value, one));
    case '!=':
      return test(false, (value) => isSame(value, one));
    case '>':
      return (row) => compare(row, one) > 0;
    case '>=':
      return (row) => compare(row, one) >= 0;
    case '<':
      return (row) => compare(row, one) < 0;
    case '<=':
      return (row) => compare(row, one) <= 0;
    case 'BETWEEN':
      return (row) => compare(row, one) >= 0 && compare(row, two) <= 0;
    case 'IN':
    case 'NOT IN': {
      const members = new Set(texts);
      return test(operator === 'IN', (value) => members.has(String(value)));
    }
    case 'LIKE':
    case 'NOT LIKE': {
      const pattern = likePattern(one);
      return test(operator === 'LIKE', (value) => pattern.test(String(value)));
    }
    case 'REGEXP_MATCH':
    case 'NOT REGEXP_MATCH': {
      const pattern = fullPattern(one);
      return test(operator === 'REGEXP_MATCH', (value) => pattern.test(String(value)));
    }
    case 'IS NULL':
      return (row) => row[field] === undefined;
    case 'IS NOT NULL':
      return (row) => row[field] !== undefined;
    default:
      throw new GaqlError('OPERATOR_FIELD_MISMATCH', `Invalid operator '${operator}' for field '${field}'.`, field);
  }
}

function isSame(value: Value, text: string): boolean {
  return typeof value === 'string'
    ? value === text
    : String(value) === text.toLowerCase() || (typeof value === 'number' && value === Number(text));
}

function likePattern(text: string): RegExp {
  const pattern = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.');
  return new RegExp(`^${pattern}$`, 'isu');
}

function fullPattern(text: string): RegExp {
  const pattern = readRe2(text, { whole: true });
  if (pattern) return pattern;
  throw new GaqlError('INVALID_STRING_VALUE', `Error in query: '${text}' is not a regular expression.`, text);
}
