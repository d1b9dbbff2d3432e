import { type ClientScope, clientJoin, commonColumns, unitTable } from './dimension-sql.js';
import type { FigureDays, FigureUnits } from './figure-days.js';
import { isTimeUnit } from './grouping.js';
import { SIDES, type Side, sumsAsText } from './metric-sql.js';
import { type AfterRow, rowKey, rowOrder, rowsAfter } from './page-sql.js';
import type { Parameters } from './parameters.js';

/** Figures to group, of a table `fact` with `account_id`, `day`, and what dimensions and sums are made of. */
export interface GroupedQuestion extends FigureDays, ClientScope {
  parameters: Parameters;
  /** What the statement reads, `fact` among them: `name AS (…)`. */
  tables: string[];
  /** Conditions of facts. */
  filters: string[];
  dimensions: readonly string[];
  /** The expressions of dimensions that are neither the account, the client nor a unit of time. */
  columns: Readonly<Record<string, string>>;
  /** Days with the units they count to; given where a dimension is a unit of time. */
  units: FigureUnits | undefined;
  /** The aggregates of a row by their names, over the facts that meet a condition. They add up. */
  sums: Readonly<Record<string, (rows: string) => string>>;
  /** Whether anything is reported of the range, and of the days it is compared with: what is not is null, and not zero. */
  isReported: Readonly<Record<Side, boolean>>;
  /** Aggregates of a row that belong to neither side: what its dimensions are called. */
  details?: Readonly<Record<string, string>>;
  /** Conditions of rows, over `current_<sum>` and `previous_<sum>`. */
  having: string[];
  /** What rows are ordered by, over the same and `details`; null = by time where a dimension is a unit of it. */
  order: { value: string; direction: 'ASC' | 'DESC' } | null;
  first: number;
  after: AfterRow | null;
}

/** Exact sums by their names; null where nothing is reported. */
export type FoundSums = Record<string, string | null>;

/** A row of an answer. */
export interface GroupedRow {
  details: Record<string, string | null>;
  dimensions: (string | null)[];
  /** What the row is ordered by. */
  sortedBy: string | null;
  key: string;
  current: FoundSums;
  previous: FoundSums;
}

/** What a statement answers, as the column `found` of its one row. */
export interface FoundGroups {
  count: number;
  /** Copied and asked rows. */
  rowsRead: number;
  /** One more than asked for, when there are more. */
  rows: GroupedRow[];
  totals: Pick<GroupedRow, 'current' | 'previous'>;
}

/** Returns the sums of both sides, each over the facts that meet its condition. */
function sumsOver({ sums, isReported }: GroupedQuestion, conditionOf: (side: Side) => string): string {
  return SIDES.flatMap((side) => {
    const condition = isReported[side] ? conditionOf(side) : null;
    return Object.entries(sums).map(
      ([name, aggregate]) => `${condition === null ? 'max(NULL::numeric)' : aggregate(condition)} AS ${side}_${name}`,
    );
  }).join(', ');
}

/** Sums over the days themselves, whatever units they count to. */
function sumsOfDays(question: GroupedQuestion): string {
  const { range, compared, parameters } = question;
  return sumsOver(question, (side) => {
    const days = side === 'current' ? range : compared;
    return days ? `fact.day BETWEEN ${parameters.add(days.start)} AND ${parameters.add(days.end)}` : 'false';
  });
}

interface Parts {
  expressions: string[];
  joins: string;
  where: string;
}

/** Days without a counterpart count in totals, too, and an account of several clients once. */
function totalsOf(question: GroupedQuestion, { expressions, joins, where }: Parts): string {
  const { dimensions, having, sums, isReported } = question;
  if (having.length === 0) return `SELECT ${sumsOfDays(question)} FROM fact ${where}`;
  if (dimensions.includes('CLIENT')) {
    return `SELECT ${sumsOfDays(question)}
      FROM (SELECT DISTINCT fact.* FROM fact ${joins} JOIN kept ON kept.key = ${rowKey(expressions)} ${where}) AS fact`;
  }
  const totals = SIDES.flatMap((side) =>
    Object.keys(sums).map((name) => {
      const sum = `CASE WHEN count(*) = 0 THEN 0 ELSE sum(${side}_${name}) END`;
      return `${isReported[side] ? sum : 'max(NULL::numeric)'} AS ${side}_${name}`;
    }),
  );
  return `SELECT ${totals.join(', ')} FROM kept`;
}

/** Returns the statement that answers a question in one pass over the facts. Its row is `{ found: FoundGroups }`. */
export function groupedStatement(question: GroupedQuestion): string {
  const { parameters, tables, filters, dimensions, columns, units, having, first, after } = question;
  const sums = Object.keys(question.sums);
  const details = Object.entries(question.details ?? {});
  const expressions = dimensions.map((dimension) => commonColumns[dimension] ?? columns[dimension] ?? 'NULL');
  const names = dimensions.map((_dimension, index) => `d${index}`);
  const joins = [
    ...(units ? ['JOIN unit ON unit.day = fact.day'] : []),
    ...clientJoin('fact', dimensions, question, parameters),
  ].join(' ');
  const where = filters.length > 0 ? `WHERE ${filters.join(' AND ')}` : '';
  const time = dimensions.findIndex(isTimeUnit);
  const direction = question.order?.direction ?? 'ASC';
  const sortedBy = question.order?.value ?? (time < 0 ? 'NULL' : `(d${time} - DATE '2000-01-01')`);
  const ordered = rowOrder(direction);
  return `
  WITH ${[...tables, ...unitTable(units, parameters)].join(', ')}, grouped AS (
    SELECT ${[
      ...expressions.map((expression, index) => `${expression} AS ${names[index]}`),
      ...details.map(([name, aggregate]) => `${aggregate} AS ${name}`),
      units
        ? sumsOver(question, (side) => (side === 'current' ? 'NOT unit.is_previous' : 'unit.is_previous'))
        : sumsOfDays(question),
    ].join(', ')}
    FROM fact ${joins} ${where}
    ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : 'HAVING count(*) > 0'}
  ), kept AS MATERIALIZED (
    SELECT *, ${sortedBy}::numeric AS sorted_by, ${rowKey(names)} COLLATE "C" AS key
    FROM grouped ${having.length > 0 ? `WHERE ${having.join(' AND ')}` : ''}
  ), page AS (
    SELECT * FROM kept WHERE ${rowsAfter(after, direction, parameters)} ${ordered} LIMIT ${parameters.add(first + 1)}
  ), total AS (${totalsOf(question, { expressions, joins, where })})
  SELECT json_build_object(
    'count', (SELECT count(*)::int FROM kept), 'rowsRead', (SELECT count(*)::int FROM fact),
    'rows', (SELECT coalesce(json_agg(json_build_object(
      'dimensions', json_build_array(${names.map((name) => `${name}::text`).join(', ')}), 'sortedBy', sorted_by::text,
      'key', key, 'details', json_build_object(${details.map(([name]) => `'${name}', ${name}`).join(', ')}), 'current', ${sumsAsText(sums, 'current')}, 'previous', ${sumsAsText(sums, 'previous')}) ${ordered}), '[]')
      FROM page),
    'totals', (SELECT json_build_object('current', ${sumsAsText(sums, 'current')}, 'previous', ${sumsAsText(sums, 'previous')})
      FROM total)) AS found`;
}
