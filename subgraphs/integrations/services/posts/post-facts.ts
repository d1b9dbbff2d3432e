import type { DayRange } from '#integrations/calendar-day.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import type { Parameters } from '#integrations/services/figures/parameters.js';
import { postColumns, retainedColumns } from './post-question.js';
import type { PostSource } from './read-post-source.js';

interface FactsQuestion extends FigureDays {
  organizationId: string;
  sources: PostSource[];
}

/** Returns the tables of facts: copied posts of days that are not asked, and the asked ones. */
export function postFacts(
  { organizationId, sources, range, compared }: FactsQuestion,
  parameters: Parameters,
): string[] {
  const column = <Row, Value>(rows: Row[], read: (row: Row) => Value) => parameters.add(rows.map(read));
  const between = ({ start, end }: DayRange) => `known.day BETWEEN ${parameters.add(start)} AND ${parameters.add(end)}`;
  const names = Object.keys(postColumns) as (keyof typeof postColumns)[];
  const columns = names.map((name) => postColumns[name]);
  const asked = sources.flatMap((source) => source.asked);
  const gaps = sources.flatMap(({ account, gaps: own }) => own.map((gap) => ({ accountId: account.id, ...gap })));
  const organization = parameters.add(organizationId);
  const accounts = `ANY (${parameters.add(sources.map(({ account }) => account.id))}::uuid[])`;
  // Clicks that the provider does not report any more are those that were last read.
  const merged = columns.map((name) =>
    retainedColumns.includes(name) ? `coalesce(asked.${name}, known.${name})` : `asked.${name}`,
  );
  return [
    `gap AS (
    SELECT * FROM unnest(${column(gaps, ({ accountId }) => accountId)}::uuid[],
      ${column(gaps, ({ start }) => start)}::date[], ${column(gaps, ({ end }) => end)}::date[])
      AS gap (account_id, first, last)
  )`,
    `asked AS (
    SELECT *, (created_at AT TIME ZONE 'UTC')::date AS day
    FROM unnest(${column(asked, ({ accountId }) => accountId)}::uuid[],
      ${column(asked, ({ externalId }) => externalId)}::text[], ${column(asked, ({ createdAt }) => createdAt)}::timestamptz[],
      ${column(asked, ({ text }) => text.replaceAll('\0', ''))}::text[], ${column(asked, ({ url }) => url)}::text[],
      ${column(asked, ({ fetchedAt }) => fetchedAt)}::timestamptz[],
      ${names.map((name) => `${column(asked, ({ metrics }) => metrics[name])}::bigint[]`).join(', ')})
      AS asked (account_id, post_id, created_at, text, url, fetched_at, ${columns.join(', ')})
  )`,
    `fact AS (
    SELECT known.account_id, known.external_id AS post_id, known.day, known.created_at, known.text, known.url,
      known.fetched_at, ${columns.map((name) => `known.${name}`).join(', ')}
    FROM integrations.post AS known
    WHERE known.organization_id = ${organization} AND known.account_id = ${accounts}
      AND (${[range, ...(compared ? [compared] : [])].map(between).join(' OR ')})
      AND NOT EXISTS (
        SELECT FROM gap WHERE gap.account_id = known.account_id AND known.day BETWEEN gap.first AND gap.last)
    UNION ALL
    SELECT asked.account_id, asked.post_id, asked.day, asked.created_at, asked.text, asked.url, asked.fetched_at,
      ${merged.join(', ')}
    FROM asked LEFT JOIN integrations.post AS known ON known.organization_id = ${organization}
      AND known.account_id = asked.account_id AND known.day = asked.day AND known.external_id = asked.post_id
  )`,
  ];
}
