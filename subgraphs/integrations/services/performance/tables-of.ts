import type { DayRange } from '#integrations/calendar-day.js';
import { type DayInUnit, startOfUnit, type TimeUnit } from '#integrations/compared-days.js';
import { timeUnitOf } from '#integrations/services/figures/grouping.js';
import type { Parameters } from '#integrations/services/figures/parameters.js';
import { breakdownOf, type Dimension, type PerformanceQuestion } from './performance-question.js';

const CAMPAIGN_OF_FACT =
  'JOIN campaign ON campaign.account_id = fact.account_id AND campaign.external_id = fact.campaign_id';

const AMOUNTS = ['cost_micros', 'conversion_value_micros'];
const FIGURES = ['impressions', 'clicks', 'cost_micros', 'conversions', 'conversion_value_micros'];

type FactQuestion = Pick<PerformanceQuestion, 'organizationId' | 'sources' | 'asked' | 'amounts'> &
  Partial<Pick<PerformanceQuestion, 'dimensions'>>;

/** What a statement reads besides figures. */
interface Read {
  withActions: boolean;
}

/** Accounts with their currency and that of the amounts, the days that are not copied, and these. */
function sourceTables(
  { sources, asked, amounts, dimensions = [] }: FactQuestion,
  parameters: Parameters,
  { withActions }: Read,
): string[] {
  const isBrokenDown = breakdownOf(dimensions) !== undefined;
  const names = [...FIGURES, ...(withActions ? ['actions'] : []), ...(isBrokenDown ? ['segment', 'is_previous'] : [])];
  const gaps = sources.flatMap(({ account, gaps: own }) => own.map((gap) => ({ id: account.id, ...gap })));
  const column = <Value>(read: (row: (typeof asked)[number]) => Value) => parameters.add(asked.map(read));
  return [
    `source AS (
    SELECT * FROM unnest(${parameters.add(sources.map(({ account }) => account.id))}::uuid[],
      ${parameters.add(sources.map(({ account }) => account.providerId))}::text[],
      ${parameters.add(sources.map(({ account }) => account.currency))}::text[],
      ${parameters.add(sources.map(({ account }) => amounts?.currency ?? account.currency))}::text[])
      AS source (account_id, provider_id, currency, amount_currency)
  )`,
    ...(gaps.length > 0
      ? [
          `gap AS (
    SELECT * FROM unnest(${parameters.add(gaps.map(({ id }) => id))}::uuid[],
      ${parameters.add(gaps.map(({ start }) => start))}::date[],
      ${parameters.add(gaps.map(({ end }) => end))}::date[]) AS gap (account_id, first, last)
  )`,
        ]
      : []),
    ...(asked.length > 0 || isBrokenDown
      ? [
          `asked AS (
    SELECT * FROM unnest(${column(({ accountId }) => accountId)}::uuid[], ${column(({ campaignId }) => campaignId)}::text[],
      ${column(({ day }) => day)}::date[], ${column(({ impressions }) => impressions)}::bigint[],
      ${column(({ clicks }) => clicks)}::bigint[], ${column(({ costMicros }) => costMicros)}::numeric[],
      ${column(({ conversions }) => conversions)}::numeric[],
      ${column(({ conversionValueMicros }) => conversionValueMicros)}::numeric[]
      ${withActions ? `, ${column(({ actions }) => actions && JSON.stringify(actions))}::jsonb[]` : ''}
      ${isBrokenDown ? `, ${column(({ segment }) => segment ?? null)}::text[], ${column(({ isPrevious }) => isPrevious ?? false)}::boolean[]` : ''})
      AS asked (account_id, campaign_id, day, ${names.join(', ')})
  )`,
        ]
      : []),
  ];
}

/** Copied days outside of every gap, and the asked ones; these only where they are broken down. */
function factsIn(
  { organizationId, sources, asked, dimensions = [] }: FactQuestion,
  { isPrevious, ...days }: DayRange & { isPrevious: boolean },
  parameters: Parameters,
  columns: readonly string[] = FIGURES,
): string {
  if (breakdownOf(dimensions)) {
    return `SELECT account_id, campaign_id, day, segment, ${columns.join(', ')} FROM asked WHERE is_previous = ${isPrevious}`;
  }
  const hasGaps = sources.some(({ gaps }) => gaps.length > 0);
  const [start, end] = [parameters.add(days.start), parameters.add(days.end)];
  const facts = `
      SELECT day.account_id, day.campaign_id, day.day, ${columns.map((name) => `day.${name}`).join(', ')}
      FROM integrations.daily_metrics AS day
      WHERE day.organization_id = ${parameters.add(organizationId)} AND day.day BETWEEN ${start} AND ${end}
        AND day.account_id = ANY (${parameters.add(sources.map(({ account }) => account.id))}::uuid[])
        ${hasGaps ? 'AND NOT EXISTS (SELECT FROM gap WHERE gap.account_id = day.account_id AND day.day BETWEEN gap.first AND gap.last)' : ''}`;
  if (asked.length === 0) return facts;
  return `${facts} UNION ALL SELECT account_id, campaign_id, day, ${columns.join(', ')} FROM asked
    WHERE day BETWEEN ${start} AND ${end}`;
}

/** Returns tables that end with `fact`: the figures of each campaign on each of these days. */
export const factTables = (question: FactQuestion, days: DayRange, parameters: Parameters): string[] => [
  ...sourceTables(question, parameters, { withActions: false }),
  `fact AS (${factsIn(question, { ...days, isPrevious: false }, parameters)})`,
];

/** The first day of the unit a day is in, as in `startOfUnit`: an expression, as a join would keep the scan from going parallel. */
const startOfFact: Record<TimeUnit, string> = {
  DAY: 'fact.day',
  WEEK: 'fact.day - (extract(isodow FROM fact.day)::int - 1)',
  MONTH: "date_trunc('month', fact.day::timestamp)::date",
};

/** What one unit of a currency is worth on each day in the one that amounts are converted into. */
function rateTable({ amounts }: PerformanceQuestion, parameters: Parameters): string[] {
  if (!amounts) return [];
  const { factors } = amounts;
  const column = <Value>(read: (one: (typeof factors)[number]) => Value) => parameters.add(factors.map(read));
  return [
    `rate AS (
    SELECT * FROM unnest(${column(({ currency }) => currency)}::text[], ${column(({ day }) => day)}::date[],
      ${column(({ factor }) => factor)}::numeric[]) AS rate (currency, day, factor)
  )`,
  ];
}

/** Returns the sums of days in the currencies of their accounts, given by `keys` and day, in the one they are converted into. */
function convertedSums(ownSums: string, keys: string[]): string {
  const factor = 'CASE source.currency WHEN source.amount_currency THEN 1 ELSE rate.factor END';
  const sumOf = (name: string) => `sum(own.${name}${AMOUNTS.includes(name) ? ` * ${factor}` : ''}) AS ${name}`;
  const columns = ['is_previous', ...keys].map((key) => `own.${key}`).join(', ');
  return `SELECT ${columns}, ${FIGURES.map(sumOf).join(', ')}, sum(own.days_read) AS days_read
    FROM (${ownSums}) AS own JOIN source ON source.account_id = own.account_id
    LEFT JOIN rate ON rate.currency = source.currency AND rate.day = own.day
    GROUP BY ${columns}`;
}

function filterOfFacts({ status, nameContains }: PerformanceQuestion, parameters: Parameters): string {
  const filters = [
    ...(status ? [`campaign.status = ANY (${parameters.add(status)}::text[])`] : []),
    ...(nameContains ? [`position(lower(${parameters.add(nameContains)}) IN lower(campaign.name)) > 0`] : []),
  ];
  return filters.length > 0 ? `${CAMPAIGN_OF_FACT} WHERE ${filters.join(' AND ')}` : '';
}

/** Returns the table `acted`: how often people did what, by campaign and, where it is asked for, unit of time. */
export function actedTable(question: PerformanceQuestion, parameters: Parameters): string {
  const { range, compared, dimensions } = question;
  const unit = timeUnitOf(dimensions);
  const segments = breakdownOf(dimensions) ? ['fact.segment'] : [];
  const keys = [
    'fact.account_id',
    'fact.campaign_id',
    ...segments,
    ...(unit ? [startOfFact[unit]] : []),
    'action.type',
  ];
  const columns = keys.map((key) => (unit && key === startOfFact[unit] ? `${key} AS own_start` : key)).join(', ');
  const filter = filterOfFacts(question, parameters);
  const actedIn = (given: DayRange, isPrevious: boolean) => `
    SELECT ${isPrevious} AS is_previous, ${columns}, sum(action.value::numeric) AS value
    FROM (${factsIn(question, { ...given, isPrevious }, parameters, ['actions'])}) AS fact
    CROSS JOIN LATERAL jsonb_each_text(fact.actions) AS action (type, value) ${filter}
    GROUP BY ${keys.join(', ')}`;
  return `acted AS MATERIALIZED (${actedIn(range, false)}${compared ? ` UNION ALL ${actedIn(compared, true)}` : ''})`;
}

/**
 * The sums by account and, where they are asked for, by campaign and unit of time. Everything else groups these, which are few,
 * again.
 */
function summedTable(question: PerformanceQuestion, parameters: Parameters): string {
  const { range, compared, dimensions, amounts } = question;
  const unit = timeUnitOf(dimensions);
  const filter = filterOfFacts(question, parameters);
  const keys = [
    'fact.account_id',
    ...(groupsCampaigns(question) ? ['fact.campaign_id'] : []),
    ...(breakdownOf(dimensions) ? ['fact.segment'] : []),
  ];
  const units = unit ? [startOfFact[unit]] : [];
  // Amounts are converted by day.
  const days = amounts ? ['fact.day'] : [];
  const columns = [...keys, ...units.map((start) => `${start} AS own_start`), ...days].join(', ');
  const grouped = [...keys, ...units, ...days].join(', ');
  const sumsIn = (given: DayRange, isPrevious: boolean) => `
    SELECT ${isPrevious} AS is_previous, ${columns}, ${FIGURES.map((name) => `sum(fact.${name}) AS ${name}`).join(', ')},
      count(*) AS days_read
    FROM (${factsIn(question, { ...given, isPrevious }, parameters)}) AS fact
    ${filter}
    GROUP BY ${grouped}`;
  const ownSums = `${sumsIn(range, false)}${compared ? ` UNION ALL ${sumsIn(compared, true)}` : ''}`;
  const names = [...keys.map((key) => key.replace('fact.', '')), ...(unit ? ['own_start'] : [])];
  return `summed AS MATERIALIZED (${amounts ? convertedSums(ownSums, names) : ownSums})`;
}

/** Campaigns as listed now, else as last listed. */
function campaignTable({ organizationId, sources, listed }: PerformanceQuestion, parameters: Parameters) {
  const column = <Value>(read: (row: (typeof listed)[number]) => Value) => parameters.add(listed.map(read));
  return `
  campaign AS (
    SELECT DISTINCT ON (account_id, external_id) * FROM (
      SELECT 1 AS age, * FROM unnest(${column(({ accountId }) => accountId)}::uuid[],
        ${column(({ externalId }) => externalId)}::text[], ${column(({ name }) => name)}::text[],
        ${column(({ status }) => status)}::text[], ${column(({ providerStatus }) => providerStatus)}::text[],
        ${column(({ objective }) => objective)}::text[], ${column(({ type }) => type)}::text[],
        ${column(({ budget }) => budget && JSON.stringify(budget))}::jsonb[])
        AS listed (account_id, external_id, name, status, provider_status, objective, type, budget)
      UNION ALL
      SELECT 2, account_id, external_id, name, status, provider_status, objective, type, budget
      FROM integrations.history_campaign
      WHERE organization_id = ${parameters.add(organizationId)}
        AND account_id = ANY (${parameters.add(sources.map(({ account }) => account.id))}::uuid[])
    ) AS known
    ORDER BY account_id, external_id, age
  )`;
}

/** Units of the range, and of the days it is compared with, with the units of the range they count to. */
function unitTable({ dimensions, units }: PerformanceQuestion, parameters: Parameters): string[] {
  const unit = timeUnitOf(dimensions);
  if (!units || !unit) return [];
  const mapped = (days: DayInUnit[], isPrevious: boolean) =>
    [...new Map(days.map((one) => [startOfUnit(one.day, unit), one.unit]))].map(([own, start]) => ({
      own,
      start,
      isPrevious,
    }));
  const all = [...mapped(units.current, false), ...mapped(units.previous, true)];
  return [
    `unit AS (
    SELECT * FROM unnest(${parameters.add(all.map(({ own }) => own))}::date[],
      ${parameters.add(all.map(({ start }) => start))}::date[],
      ${parameters.add(all.map(({ isPrevious }) => isPrevious))}::boolean[]) AS unit (own_start, start, is_previous)
  )`,
  ];
}

const campaignDimensions: readonly Dimension[] = ['CAMPAIGN', 'CAMPAIGN_TYPE', 'STATUS', 'OBJECTIVE'];

/** Whether rows differ by campaign, or by what is known of campaigns. */
export const groupsCampaigns = ({ dimensions }: Pick<PerformanceQuestion, 'dimensions'>): boolean =>
  dimensions.some((one) => campaignDimensions.includes(one));

/** Whether a question needs to know campaigns besides their ids. */
export const needsCampaigns = ({
  status,
  nameContains,
  dimensions,
}: Pick<PerformanceQuestion, 'status' | 'nameContains' | 'dimensions'>): boolean =>
  Boolean(status || nameContains) || groupsCampaigns({ dimensions });

/**
 * Returns the tables a question reads: `summed` and `source`, `campaign` and `unit` where they are needed, and what they are made
 * of. Units of compared days without a counterpart in the range are not in `unit`.
 */
export const tablesOf = (question: PerformanceQuestion, parameters: Parameters, read: Read): string[] => [
  ...sourceTables(question, parameters, read),
  ...rateTable(question, parameters),
  ...(needsCampaigns(question) || read.withActions ? [campaignTable(question, parameters)] : []),
  ...unitTable(question, parameters),
  summedTable(question, parameters),
];
