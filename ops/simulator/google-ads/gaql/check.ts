import { NotSimulated } from '#simulator/not-simulated.js';
import { type Field, findCompanions, findField, isRealResource, mayExist } from './fields.js';
import { type Condition, GaqlError, type Operator, type Query } from './query.js';

const MAX_VALUES = 20_000;
const COMPARE: readonly Operator[] = ['=', '!=', '>', '>=', '<', '<=', 'BETWEEN'];
const MEMBER: readonly Operator[] = ['IN', 'NOT IN'];
const NULLITY: readonly Operator[] = ['IS NULL', 'IS NOT NULL'];
const OPERATORS: Record<Field['type'], readonly Operator[]> = {
  int64: [...COMPARE, ...MEMBER, ...NULLITY],
  double: [...COMPARE, ...NULLITY],
  string: ['=', '!=', ...MEMBER, 'LIKE', 'NOT LIKE', 'REGEXP_MATCH', 'NOT REGEXP_MATCH', ...NULLITY],
  enum: ['=', '!=', ...MEMBER, ...NULLITY],
  boolean: ['=', '!=', ...NULLITY],
  date: ['=', '>', '>=', '<', '<=', 'BETWEEN', 'DURING'],
  year: ['=', '>', '>=', '<', '<=', 'BETWEEN'],
  message: NULLITY,
};

/**
 * Throws GaqlError unless every field exists, is selectable with the FROM resource and is compared with its own type.
 */
export function checkQuery(query: Query): void {
  if (!findCompanions(query.from)) {
    if (isRealResource(query.from)) throw new NotSimulated(`the Google Ads resource ${query.from}`);
    throw new GaqlError(
      'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE',
      `Error in FROM clause: '${query.from}' is not a valid resource name.`,
      query.from,
    );
  }
  for (const name of query.select) checkField(name, query.from, 'SELECT');
  for (const condition of query.where) checkCondition(condition, checkField(condition.field, query.from, 'WHERE'));
  for (const { field: name } of query.orderBy) {
    const field = checkField(name, query.from, 'SELECT');
    if (field.resource !== query.from && !query.select.includes(name)) {
      throw new GaqlError(
        'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
        `The following field must be present in SELECT clause: '${name}'.`,
        name,
      );
    }
  }
}

/** Whether a query reads metrics or segments. */
export function readsMetrics(query: Query): boolean {
  return fieldsOf(query).some((name) => /^(metrics|segments)\./.test(name));
}

/** Returns the fields in any clause. */
export function fieldsOf(query: Query): string[] {
  return [
    ...query.select,
    ...query.where.map((condition) => condition.field),
    ...query.orderBy.map((order) => order.field),
  ];
}

function checkField(name: string, from: string, clause: 'SELECT' | 'WHERE'): Field {
  const field = findField(name);
  if (!field) {
    if (mayExist(name)) throw new NotSimulated(`the Google Ads field ${name}`);
    throw new GaqlError('UNRECOGNIZED_FIELD', `Unrecognized field in the query: '${name}'.`, name);
  }
  if (findCompanions(from)?.includes(field.resource)) return field;
  const code =
    field.resource === 'metrics'
      ? 'PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE'
      : field.resource === 'segments'
        ? 'PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE'
        : `PROHIBITED_RESOURCE_TYPE_IN_${clause}_CLAUSE`;
  throw new GaqlError(code, `Cannot use the following field with resource '${from}': '${name}'.`, name);
}

function checkCondition({ field: name, operator, values }: Condition, field: Field): void {
  if (!OPERATORS[field.type].includes(operator) || (operator === 'DURING' && name !== 'segments.date')) {
    throw new GaqlError('OPERATOR_FIELD_MISMATCH', `Invalid operator '${operator}' for field '${name}'.`, name);
  }
  if (values.length > MAX_VALUES)
    throw new GaqlError('FILTER_HAS_TOO_MANY_VALUES', `Too many values for field '${name}'.`, name);
  if (operator === 'DURING') return;
  for (const value of values) checkValue(field, value.text, value.kind);
}

function checkValue(field: Field, text: string, kind: string): void {
  const bad = (code: string) => new GaqlError(code, `Invalid value '${text}' for field '${field.name}'.`, text);
  switch (field.type) {
    case 'int64':
      if (!/^-?\d+$/.test(text)) throw bad('BAD_VALUE');
      return;
    case 'double':
    case 'year':
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw bad('BAD_NUMBER');
      return;
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw bad('BAD_VALUE');
      return;
    case 'enum':
      if (!field.constants?.includes(text)) throw bad('BAD_ENUM_CONSTANT');
      return;
    case 'date':
      if (kind !== 'string') throw bad('INVALID_DATE_FORMAT');
      return;
    case 'message':
    case 'string':
      if (kind !== 'string') throw bad('BAD_VALUE');
  }
}
