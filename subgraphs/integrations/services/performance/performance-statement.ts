import { clientJoin } from '#integrations/services/figures/dimension-sql.js';
import { isTimeUnit, type MetricOrder } from '#integrations/services/figures/grouping.js';
import { sumsAsText } from '#integrations/services/figures/metric-sql.js';

import { rowKey, rowOrder, rowsAfter } from '#integrations/services/figures/page-sql.js';
import { Parameters } from '#integrations/services/figures/parameters.js';
import { adMetrics, SUM_NAMES, SUMS, SUMS_OF_SUMS } from './ad-sums-sql.js';
import { breakdownOf, type Dimension, type Metric, type PerformanceQuestion } from './performance-question.js';
import { actedTable, groupsCampaigns, tablesOf } from './tables-of.js';

const columns: Record<Dimension, string> = {
  PROVIDER: 'source.provider_id',
  CLIENT: 'client_account.client_id',
  ACCOUNT: 'summed.account_id',
  CAMPAIGN: "summed.account_id || ' ' || summed.campaign_id",
  CAMPAIGN_TYPE: 'campaign.type',
  OBJECTIVE: 'campaign.objective',
  STATUS: 'campaign.status',
  CURRENCY: 'source.currency',
  DEVICE: 'summed.segment',
  COUNTRY: 'summed.segment',
  DAY: 'unit.start',
  WEEK: 'unit.start',
  MONTH: 'unit.start',
};

const CAMPAIGN =
  'LEFT JOIN campaign ON campaign.account_id = summed.account_id AND campaign.external_id = summed.campaign_id';

const FIRST_DAY = '2000-01-01';

/** Returns what rows by time are ordered by, of a unit of time given by its first day. */
export const dayOffset = (day: string): number => (Date.parse(day) - Date.parse(FIRST_DAY)) / 86_400_000;

const DEFAULT_ORDER: MetricOrder<Metric> = { metric: 'IMPRESSIONS', value: 'CURRENT', direction: 'DESC' };

/** The parts of a statement. */
interface Parts {
  dimensions: Dimension[];
  joins: string;
  having: string[];
  /** The key of the row that a sum counts to. */
  key: string;
}

function partsOf(question: PerformanceQuestion, parameters: Parameters): Parts {
  const { dimensions, units, conditions } = question;
  const joins = [
    'JOIN source ON source.account_id = summed.account_id',
    ...(units ? ['JOIN unit ON unit.own_start = summed.own_start AND unit.is_previous = summed.is_previous'] : []),
    ...(groupsCampaigns(question) ? [CAMPAIGN] : []),
    ...clientJoin('summed', dimensions, question, parameters),
  ];
  return {
    dimensions,
    joins: joins.join(' '),
    having: conditions.flatMap((condition) => adMetrics.conditionsSql(condition, parameters)),
    key: rowKey([...dimensions.map((dimension) => `(${columns[dimension]})`), 'source.amount_currency']),
  };
}

/** Days without a counterpart count in totals, too, and an account of several clients once. */
function totalsOf({ dimensions, joins, having, key }: Parts): string {
  if (having.length === 0) {
    return `SELECT source.amount_currency AS currency, ${SUMS}
      FROM summed JOIN source ON source.account_id = summed.account_id GROUP BY source.amount_currency`;
  }
  if (!dimensions.includes('CLIENT')) return `SELECT currency, ${SUMS_OF_SUMS} FROM kept GROUP BY currency`;
  return `SELECT source.amount_currency AS currency, ${SUMS}
    FROM (SELECT DISTINCT summed.* FROM summed ${joins} JOIN kept ON kept.key = ${key}) AS summed
    JOIN source ON source.account_id = summed.account_id GROUP BY source.amount_currency`;
}

/** The campaigns of a page, and each as a row has it. */
function campaignsOf(dimensions: Dimension[]): { join: string; campaign: string } {
  const index = dimensions.indexOf('CAMPAIGN');
  if (index < 0) return { join: '', campaign: 'NULL' };
  return {
    join: `LEFT JOIN campaign ON campaign.account_id || ' ' || campaign.external_id = page.d${index}`,
    campaign: `CASE WHEN campaign.external_id IS NOT NULL THEN json_build_object('name', campaign.name, 'status', campaign.status,
      'providerStatus', campaign.provider_status, 'objective', campaign.objective, 'type', campaign.type, 'budget', campaign.budget) END`,
  };
}

/** The tables of rows that a statement selects from: `kept`, all that meet the conditions, and the `page` of them. */
interface Rows extends Parts {
  tables: string;
  order: string;
}

function rowsOf(question: PerformanceQuestion, parameters: Parameters, withActions: boolean): Rows {
  const { dimensions, first } = question;
  const time = dimensions.findIndex(isTimeUnit);
  const order = question.order ?? (time < 0 ? DEFAULT_ORDER : null);
  const direction = order ? (order.direction ?? 'DESC') : 'ASC';
  const sortedBy = order ? adMetrics.valueSql(order.metric, order.value) : `(d${time} - DATE '${FIRST_DAY}')`;
  const tables = tablesOf(question, parameters, { withActions });
  const parts = partsOf(question, parameters);
  const { joins, having } = parts;
  const names = dimensions.map((_dimension, index) => `d${index}`);
  const ordered = rowOrder(direction);
  const text = `${tables.join(', ')}, grouped AS (
    SELECT ${[...dimensions.map((dimension, index) => `${columns[dimension]} AS d${index}`), 'source.amount_currency AS currency'].join(', ')},
      ${SUMS}
    FROM summed ${joins}
    GROUP BY ${[...names, 'source.amount_currency'].join(', ')}
  ), kept AS MATERIALIZED (
    SELECT *, ${sortedBy}::numeric AS sorted_by, ${rowKey([...names, 'currency'])} COLLATE "C" AS key
    FROM grouped ${having.length > 0 ? `WHERE ${having.join(' AND ')}` : ''}
  ), page AS (
    SELECT * FROM kept WHERE ${rowsAfter(question.after, direction, parameters)} ${ordered} LIMIT ${parameters.add(first + 1)}
  )`;
  return { ...parts, tables: text, order: ordered };
}

/**
 * Returns the statement that answers a question in one pass over the days, with its parameters. Its row is a
 * `FoundPerformance`.
 */
export function performanceStatement(question: PerformanceQuestion): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const { tables, order, ...parts } = rowsOf(question, parameters, false);
  const { dimensions } = question;
  const names = dimensions.map((_dimension, index) => `d${index}`);
  const { join, campaign } = campaignsOf(dimensions);
  const text = `
  WITH ${tables}, total AS (${totalsOf(parts)})
  SELECT (SELECT count(*)::int FROM kept) AS count, (SELECT coalesce(sum(days_read), 0)::int FROM summed) AS "daysRead",
    (SELECT coalesce(json_agg(json_build_object(
      'dimensions', json_build_array(${names.map((name) => `${name}::text`).join(', ')}), 'currency', currency,
      'sortedBy', sorted_by::text, 'key', key, 'current', ${sumsAsText(SUM_NAMES, 'current')},
      'previous', ${sumsAsText(SUM_NAMES, 'previous')}, 'campaign', ${campaign}) ${order}), '[]') FROM page ${join}) AS rows,
    (SELECT coalesce(json_agg(json_build_object('currency', currency, 'current', ${sumsAsText(SUM_NAMES, 'current')},
      'previous', ${sumsAsText(SUM_NAMES, 'previous')}) ORDER BY currency), '[]') FROM total) AS totals`;
  return { text, values: parameters.values };
}

/** Sums of actions, those of campaigns with one objective and the same types of actions together, so that each has one result. */
const actionGroups = (acted: string) => `
  SELECT coalesce(json_agg(json_build_object('key', key, 'isPrevious', is_previous, 'providerId', provider_id,
    'objective', objective, 'types', types, 'type', type, 'value', value::text)), '[]')
  FROM (
    SELECT key, is_previous, provider_id, objective, types, type, sum(value) AS value
    FROM (
      SELECT summed.*, campaign.objective, string_agg(summed.type, ' ') OVER (
        PARTITION BY key, is_previous, summed.account_id, campaign_id ORDER BY summed.type
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS types
      FROM (
        SELECT key, is_previous, provider_id, account_id, campaign_id, type, sum(value) AS value FROM (${acted}) AS acted
        GROUP BY key, is_previous, provider_id, account_id, campaign_id, type
      ) AS summed ${CAMPAIGN}
    ) AS typed
    GROUP BY key, is_previous, provider_id, objective, types, type
  ) AS summed`;

/** Returns the statement for the actions in the rows of a page, by row key, and in the totals, by currency. Its row is `FoundActions`. */
export function actionsStatement(question: PerformanceQuestion): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const { tables, joins, having, key } = rowsOf(question, parameters, true);
  const columns =
    'summed.is_previous, source.provider_id, summed.account_id, summed.campaign_id, summed.type, summed.value';
  const unit = question.units ? ', summed.own_start' : '';
  const segment = breakdownOf(question.dimensions) ? ', summed.segment' : '';
  const all = `SELECT source.amount_currency AS key, ${columns}
    FROM acted AS summed JOIN source ON source.account_id = summed.account_id`;
  // An account of several clients counts once.
  const kept = `SELECT DISTINCT source.amount_currency AS key, ${columns}${unit}${segment}
    FROM acted AS summed ${joins} JOIN kept ON kept.key = ${key}`;
  const text = `
  WITH ${tables}, ${actedTable(question, parameters)}
  SELECT (${actionGroups(`SELECT page.key, ${columns} FROM acted AS summed ${joins} JOIN page ON page.key = ${key}`)}) AS rows,
    (${actionGroups(having.length > 0 ? kept : all)}) AS totals`;
  return { text, values: parameters.values };
}
