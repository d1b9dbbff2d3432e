import type { Parameters } from '#integrations/services/figures/parameters.js';
import type { PerformanceQuestion } from './performance-question.js';

/** Copied days outside of every gap, and the asked ones. */
function factTables({ organizationId, sources, asked, range, compared }: PerformanceQuestion, parameters: Parameters) {
  const gaps = sources.flatMap(({ account, gaps: own }) => own.map((gap) => ({ id: account.id, ...gap })));
  const column = <Value>(read: (row: (typeof asked)[number]) => Value) => parameters.add(asked.map(read));
  const between = ({ start, end }: { start: string; end: string }) =>
    `day.day BETWEEN ${parameters.add(start)} AND ${parameters.add(end)}`;
  const days = [between(range), ...(compared ? [between(compared)] : [])].join(' OR ');
  return `
  source AS (
    SELECT * FROM unnest(${parameters.add(sources.map(({ account }) => account.id))}::uuid[],
      ${parameters.add(sources.map(({ account }) => account.providerId))}::text[],
      ${parameters.add(sources.map(({ account }) => account.currency))}::text[])
      AS source (account_id, provider_id, currency)
  ), gap AS (
    SELECT * FROM unnest(${parameters.add(gaps.map(({ id }) => id))}::uuid[],
      ${parameters.add(gaps.map(({ start }) => start))}::date[],
      ${parameters.add(gaps.map(({ end }) => end))}::date[]) AS gap (account_id, first, last)
  ), fact AS (
    SELECT source.*, day.campaign_id, day.day, day.impressions, day.clicks, day.cost_micros, day.conversions,
      day.conversion_value_micros
    FROM source JOIN integrations.daily_metrics AS day
      ON day.organization_id = ${parameters.add(organizationId)} AND day.account_id = source.account_id AND (${days})
    WHERE NOT EXISTS (
      SELECT FROM gap WHERE gap.account_id = day.account_id AND day.day BETWEEN gap.first AND gap.last)
    UNION ALL
    SELECT source.*, asked.campaign_id, asked.day, asked.impressions, asked.clicks, asked.cost_micros, asked.conversions,
      asked.conversion_value_micros
    FROM unnest(${column(({ accountId }) => accountId)}::uuid[], ${column(({ campaignId }) => campaignId)}::text[],
      ${column(({ day }) => day)}::date[], ${column(({ impressions }) => impressions)}::bigint[],
      ${column(({ clicks }) => clicks)}::bigint[], ${column(({ costMicros }) => costMicros)}::numeric[],
      ${column(({ conversions }) => conversions)}::numeric[],
      ${column(({ conversionValueMicros }) => conversionValueMicros)}::numeric[])
      AS asked (account_id, campaign_id, day, impressions, clicks, cost_micros, conversions, conversion_value_micros)
    JOIN source USING (account_id)
  )`;
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
        ${column(({ objective }) => objective)}::text[],
        ${column(({ budget }) => budget && JSON.stringify(budget))}::jsonb[])
        AS listed (account_id, external_id, name, status, provider_status, objective, budget)
      UNION ALL
      SELECT 2, account_id, external_id, name, status, provider_status, objective, budget FROM integrations.history_campaign
      WHERE organization_id = ${parameters.add(organizationId)}
        AND account_id = ANY (${parameters.add(sources.map(({ account }) => account.id))}::uuid[])
    ) AS known
    ORDER BY account_id, external_id, age
  )`;
}

function unitTable({ units: given }: PerformanceQuestion, parameters: Parameters): string[] {
  if (!given) return [];
  const all = [
    ...given.current.map((one) => ({ ...one, isPrevious: false })),
    ...given.previous.map((one) => ({ ...one, isPrevious: true })),
  ];
  return [
    `unit AS (
    SELECT * FROM unnest(${parameters.add(all.map(({ day }) => day))}::date[],
      ${parameters.add(all.map(({ unit }) => unit))}::date[],
      ${parameters.add(all.map(({ isPrevious }) => isPrevious))}::boolean[]) AS unit (day, start, is_previous)
  )`,
  ];
}

/** Whether a question needs to know campaigns besides their ids. */
export const needsCampaigns = ({ dimensions, status, nameContains }: PerformanceQuestion): boolean =>
  Boolean(status || nameContains) || dimensions.some((one) => ['CAMPAIGN', 'STATUS', 'OBJECTIVE'].includes(one));

/** Returns the tables a question reads: `fact`, `campaign` and `unit` where they are needed, and what they are made of. */
export const tablesOf = (question: PerformanceQuestion, parameters: Parameters): string[] => [
  factTables(question, parameters),
  ...(needsCampaigns(question) ? [campaignTable(question, parameters)] : []),
  ...unitTable(question, parameters),
];
