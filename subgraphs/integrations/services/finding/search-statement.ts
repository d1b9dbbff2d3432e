/**
 * Folds case, accents and full-width forms, without an extension. PostgreSQL normalizes where its encoding is UTF-8.
 * https://www.postgresql.org/docs/current/functions-string.html
 */
const folded = (text: string) => `lower(regexp_replace(normalize(${text}, NFKD), '[\\u0300-\\u036f]', '', 'g'))`;

/** With a space before each word. */
const words = (text: string) => `' ' || regexp_replace(${text}, '[[:space:][:punct:]]+', ' ', 'g')`;

/** An id may be recognised by its beginning, when that is long enough to say something. */
const ID_PREFIX = 4;

/**
 * Finds clients, accounts and campaigns whose names or ids fit a text. $1 organization, $2 text, $3 kinds, $4 visible accounts, $5
 * clients that are visible (null = all), $6 whether archived clients count; $7 and $8 ids at providers that the text may stand for;
 * $9 to $11 campaigns that are not copied; $12 whether campaigns count; $13 to $15 the id here that the text may be: of a row, or of
 * a campaign by its account and its id there; the rest is the page.
 */
export const SEARCH = `
  WITH asked AS (
    SELECT *, regexp_split_to_array(btrim(name), '\\s+') AS terms FROM (SELECT ${folded('$2::text')} AS name) AS folded
  ), candidate AS (
    SELECT 'CLIENT' AS kind, 1 AS kind_order, id::text AS key, id AS client_id, NULL::uuid AS account_id,
      NULL AS external_id, name, id = $13::uuid AS is_id
    FROM integrations.client
    WHERE organization_id = $1 AND 'CLIENT' = ANY ($3::text[]) AND ($5::uuid[] IS NULL OR id = ANY ($5))
      AND ($6 OR archived_at IS NULL)
    UNION ALL
    SELECT 'ACCOUNT', 2, id::text, NULL, id, external_id, name, id = $13 OR EXISTS (
        SELECT FROM unnest($7::text[], $8::text[]) AS known (provider_id, external_id)
        WHERE known.provider_id = account.provider_id AND known.external_id = account.external_id)
    FROM integrations.account
    WHERE organization_id = $1 AND 'ACCOUNT' = ANY ($3) AND id = ANY ($4::uuid[])
    UNION ALL
    SELECT 'CAMPAIGN', 3, account_id || ' ' || external_id, NULL, account_id, external_id, name,
      external_id = $2 OR (account_id = $14::uuid AND external_id = $15::text)
    FROM (
      SELECT account_id, external_id, name FROM integrations.history_campaign
      WHERE organization_id = $1 AND account_id = ANY ($4)
      UNION ALL
      SELECT * FROM unnest($9::uuid[], $10::text[], $11::text[])
    ) AS campaign (account_id, external_id, name)
    WHERE $12
  ), ranked AS (
    SELECT candidate.*, folded.name AS folded_name, CASE
      WHEN is_id THEN 0
      WHEN asked.name = '' THEN NULL
      WHEN folded.name = asked.name THEN 1
      WHEN starts_with(folded.name, asked.name) THEN 2
      WHEN length(asked.name) >= ${ID_PREFIX} AND starts_with(lower(external_id), asked.name) THEN 2
      WHEN NOT EXISTS (SELECT FROM unnest(asked.terms) AS term WHERE position(' ' || term IN ${words('folded.name')}) = 0) THEN 3
      WHEN NOT EXISTS (SELECT FROM unnest(asked.terms) AS term WHERE position(term IN folded.name) = 0) THEN 4
      END AS rank
    FROM candidate CROSS JOIN asked CROSS JOIN LATERAL (SELECT ${folded('candidate.name')} AS name) AS folded
  ), found AS MATERIALIZED (SELECT * FROM ranked WHERE rank IS NOT NULL)
  SELECT (SELECT count(*)::int FROM found) AS count, coalesce(json_agg(json_build_object('kind', kind, 'rank', rank,
      'clientId', client_id, 'accountId', account_id, 'externalId', external_id,
      'position', json_build_array(rank, kind_order, folded_name, key))
      ORDER BY rank, kind_order, folded_name COLLATE "C", key COLLATE "C"), '[]') AS hits
  FROM (
    SELECT * FROM found
    WHERE $16::int IS NULL
      OR (rank, kind_order, folded_name COLLATE "C", key COLLATE "C") > ($16, $17::int, $18::text, $19::text)
    ORDER BY rank, kind_order, folded_name COLLATE "C", key COLLATE "C" LIMIT $20
  ) AS page`;

/** A hit as the statement returns it. */
export interface FoundHit {
  kind: 'CLIENT' | 'ACCOUNT' | 'CAMPAIGN';
  rank: number;
  clientId: string | null;
  accountId: string | null;
  externalId: string | null;
  position: [rank: number, kindOrder: number, name: string, key: string];
}
