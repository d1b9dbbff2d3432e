import type { DayRange } from '#integrations/calendar-day.js';
import type { BreakdownQuestion, FigureKind } from './breakdown-question.js';
import { clientJoin, commonColumns, unitTable } from './dimension-sql.js';
import { timeUnitOf } from './grouping.js';
import { reportedSum, SIDES, type Side, sumsAsText } from './metric-sql.js';
import { rowKey, rowOrder, rowsAfter } from './page-sql.js';
import { Parameters } from './parameters.js';

const columns: Readonly<Record<string, string>> = { ...commonColumns, CURRENCY: 'fact.currency' };

const hasOneCurrency = 'min(fact.currency) IS NOT DISTINCT FROM max(fact.currency)';

const sumOf: Record<FigureKind, (figure: string, rows: string) => string> = {
  sum: (figure, rows) => reportedSum(`fact.${figure}`, rows),
  amount: (figure, rows) => `CASE WHEN ${hasOneCurrency} THEN ${reportedSum(`fact.${figure}`, rows)} END`,
  single: (figure, rows) =>
    `CASE WHEN count(*) FILTER (WHERE ${rows}) = 1 THEN min(fact.${figure}) FILTER (WHERE ${rows}) END`,
};

/** The sums of rows of `fact`, and their currency where they have one. */
function sumsOf({ shape: { figures } }: Pick<BreakdownQuestion<string, string>, 'shape'>): string {
  const ofSide = (side: Side) => {
    const rows = side === 'current' ? 'NOT fact.is_previous' : 'fact.is_previous';
    return Object.entries(figures).map(([name, kind]) => `${sumOf[kind](name, rows)} AS ${side}_${name}`);
  };
  const currency = `CASE WHEN ${hasOneCurrency} THEN min(fact.currency) END AS currency`;
  return [...SIDES.flatMap(ofSide), currency].join(', ');
}

type Question = BreakdownQuestion<string, string>;

function factTables(
  { shape, organizationId, accounts, gaps, asked, range, compared }: Question,
  parameters: Parameters,
) {
  const names = Object.keys(shape.figures);
  const columns = [...shape.values, ...names];
  const copied = shape.copied?.(parameters);
  const copiedOf = ({ start, end }: DayRange, isPrevious: boolean) => `
    SELECT source.*, ${isPrevious} AS is_previous, day.day, ${columns.map((name) => `day.${name}`).join(', ')}
    FROM source JOIN ${copied} AS day ON day.organization_id = ${parameters.add(organizationId)}
      AND day.account_id = source.account_id AND day.day BETWEEN ${parameters.add(start)} AND ${parameters.add(end)}
    WHERE NOT EXISTS (SELECT FROM gap WHERE gap.account_id = day.account_id AND gap.is_previous = ${isPrevious}
      AND day.day BETWEEN gap.first AND gap.last)
    UNION ALL`;
  const column = <Value>(type: string, read: (row: (typeof asked)[number]) => Value) =>
    `${parameters.add(asked.map(read))}::${type}[]`;
  return [
    `source AS (
      SELECT * FROM unnest(${parameters.add(accounts.map(({ id }) => id))}::uuid[],
        ${parameters.add(accounts.map(({ currency }) => currency))}::text[]) AS source (account_id, currency))`,
    ...(copied
      ? [
          `gap AS (
      SELECT * FROM unnest(${parameters.add(gaps.map(({ accountId }) => accountId))}::uuid[],
        ${parameters.add(gaps.map(({ isPrevious }) => isPrevious))}::boolean[],
        ${parameters.add(gaps.map(({ start }) => start))}::date[], ${parameters.add(gaps.map(({ end }) => end))}::date[])
        AS gap (account_id, is_previous, first, last))`,
        ]
      : []),
    `fact AS (
      ${copied ? `${copiedOf(range, false)}${compared ? copiedOf(compared, true) : ''}` : ''}
      SELECT source.*, asked.is_previous, asked.day, ${columns.map((name) => `asked.${name}`).join(', ')}
      FROM unnest(${[
        column('uuid', ({ accountId }) => accountId),
        column('boolean', ({ isPrevious }) => isPrevious),
        column('date', ({ day }) => day),
        ...shape.values.map((_name, index) => column('text', ({ values }) => values[index])),
        ...names.map((_name, index) => column('numeric', ({ figures }) => figures[index])),
      ].join(', ')}) AS asked (account_id, is_previous, day, ${columns.join(', ')})
      JOIN source USING (account_id))`,
  ];
}

const whereOf = (conditions: string[]) => (conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '');

/** Days without a counterpart count in the total, too, and an account of several clients once. */
function totalOf(
  question: Question,
  parts: { joins: string; where: string; key: string; isNarrowed: boolean },
): string {
  const { joins, where, key, isNarrowed } = parts;
  if (!isNarrowed) return `SELECT ${sumsOf(question)} FROM fact ${where}`;
  return `SELECT ${sumsOf(question)}
    FROM (SELECT DISTINCT fact.* FROM fact ${joins} JOIN kept ON kept.key = ${key} ${where}) AS fact`;
}

/**
 * Returns the statement that answers a question in one pass over copied and asked rows, with its parameters. Its row is a
 * `FoundBreakdown`.
 */
export function breakdownStatement<Dimension extends string, Metric extends string>(
  given: BreakdownQuestion<Dimension, Metric>,
): { text: string; values: unknown[] } {
  const question = given as unknown as Question;
  const { shape, dimensions, first, after } = question;
  const figures = Object.keys(shape.figures);
  const parameters = new Parameters();
  const unit = timeUnitOf(dimensions);
  const order = question.order ?? (unit ? null : shape.defaultOrder);
  const direction = order ? (order.direction ?? 'DESC') : 'ASC';
  const names = dimensions.map((_dimension, index) => `d${index}`);
  const time = unit ? dimensions.indexOf(unit) : -1;
  const sortedBy = order ? shape.metrics.valueSql(order.metric, order.value) : `(d${time} - DATE '2000-01-01')`;
  const tables = [...factTables(question, parameters), ...unitTable(question.units, parameters)];
  const expressions = dimensions.map((dimension) => columns[dimension] ?? shape.columns[dimension] ?? 'NULL');
  const joins = [
    ...(unit ? ['JOIN unit ON unit.day = fact.day AND unit.is_previous = fact.is_previous'] : []),
    ...clientJoin('fact', dimensions, question, parameters),
  ].join(' ');
  const where = whereOf(question.filters(parameters));
  const having = question.conditions.flatMap((condition) => shape.metrics.conditionsSql(condition, parameters));
  // Without dimensions all rows are one.
  const keyOf = (texts: string[]) => rowKey(texts.length > 0 ? texts : ["''"]);
  const key = keyOf(expressions.map((expression) => `(${expression})`));
  const ordered = rowOrder(direction);
  const isNarrowed = having.length > 0;
  const groups =
    names.length > 0 ? `GROUP BY ${names.map((_name, index) => index + 1).join(', ')}` : 'HAVING count(*) > 0';
  const text = `
  WITH ${tables.join(', ')}, grouped AS (
    SELECT ${[...expressions.map((expression, index) => `${expression} AS d${index}`), sumsOf(question)].join(', ')}
    FROM fact ${joins} ${where} ${groups}
  ), kept AS MATERIALIZED (
    SELECT *, ${sortedBy}::numeric AS sorted_by, ${keyOf(names)} COLLATE "C" AS key
    FROM grouped ${whereOf(having)}
  ), page AS (
    SELECT * FROM kept WHERE ${rowsAfter(after, direction, parameters)} ${ordered} LIMIT ${parameters.add(first + 1)}
  ), total AS (${totalOf(question, { joins, where, key, isNarrowed })})
  SELECT (SELECT count(*)::int FROM kept) AS count, (SELECT count(*)::int FROM fact) AS "rowsRead",
    (SELECT coalesce(json_agg(json_build_object(
      'dimensions', json_build_array(${names.map((name) => `${name}::text`).join(', ')}), 'currency', currency,
      'sortedBy', sorted_by::text, 'key', key, 'current', ${sumsAsText(figures, 'current')},
      'previous', ${sumsAsText(figures, 'previous')}) ${ordered}), '[]') FROM page) AS rows,
    (SELECT json_build_object('currency', currency, 'current', ${sumsAsText(figures, 'current')},
      'previous', ${sumsAsText(figures, 'previous')}) FROM total) AS total`;
  return { text, values: parameters.values };
}
