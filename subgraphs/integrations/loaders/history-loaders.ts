import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import { addDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Account } from '#integrations/entities/account.js';
import type { AdMetrics, CampaignDay, CampaignRow } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import type { LaggingReads } from '#runtime/database/read-replica.js';
import { Money } from '#runtime/money.js';

/**
 * Today and the two days before are always read from the provider: Google Ads reports some figures after fifteen hours.
 * https://support.google.com/google-ads/answer/2544985
 */
const LIVE_DAYS = 3;

/** Changeable figures are used for a night, and half a day when that was missed; those of an account that is not asked any more for ever. */
export const FRESH_MS = 36 * 60 * 60 * 1000;

export interface HistoryQuestion {
  account: Account;
  range: DayRange;
}

/** The copied part of a range. */
export interface HistoryPart {
  /** The missing days; null = none. Of an account that is not asked any more the first one. */
  gap: DayRange | null;
  /** Of the oldest changeable figures; null = there are none. */
  fetchedAt: Date | null;
}

export type CampaignSums = Pick<CampaignRow, 'externalId' | 'metrics'>;
export type DatedDay = CampaignDay & { fetchedAt: Date };
export type KnownCampaign = Omit<CampaignRow, 'metrics'>;

export interface HistoryLoaders {
  /** null when no day is copied. */
  parts: DataLoader<HistoryQuestion, HistoryPart | null, string>;
  /** By campaign, over the copied days. */
  sums: DataLoader<HistoryQuestion, CampaignSums[], string>;
  /** The sums of actions by campaign, over the copied days. */
  actions: DataLoader<HistoryQuestion, Map<string, Record<string, string>>, string>;
  /** By campaign and copied day. */
  days: DataLoader<HistoryQuestion, DatedDay[], string>;
  /** By id, as last listed. */
  campaigns: DataLoader<string, Map<string, KnownCampaign>>;
}

// Only days copied in the account's current currency and time zone count.
const PARTS = `
  SELECT wanted.key,
    (min(wanted.day) FILTER (WHERE known.day IS NULL))::text AS "firstGap",
    (max(wanted.day) FILTER (WHERE known.day IS NULL))::text AS "lastGap",
    min(known.fetched_at) FILTER (WHERE NOT known.is_final) AS "fetchedAt", count(known.day)::int AS copied
  FROM (
    SELECT key, account_id, fresh_after, generate_series(first::timestamp, last, '1 day')::date AS day
    FROM unnest($1::text[], $2::uuid[], $3::date[], $4::date[], $6::timestamptz[])
      AS question (key, account_id, first, last, fresh_after)
  ) AS wanted
  JOIN integrations.account ON account.id = wanted.account_id AND account.organization_id = $5
  JOIN integrations.account_history AS history ON history.organization_id = account.organization_id
    AND history.account_id = account.id AND history.time_zone = account.time_zone
    AND history.currency IS NOT DISTINCT FROM account.currency
  LEFT JOIN integrations.history_day AS known ON known.organization_id = $5 AND known.account_id = wanted.account_id
    AND known.day = wanted.day AND known.day BETWEEN $7 AND $8 AND (known.is_final OR known.fetched_at > wanted.fresh_after)
  GROUP BY wanted.key`;

const METRICS = `
  FROM unnest($1::text[], $2::uuid[], $3::date[], $4::date[], $5::date[], $6::date[])
    AS question (key, account_id, first, last, first_gap, last_gap)
  JOIN integrations.daily_metrics AS known ON known.account_id = question.account_id AND known.organization_id = $7
    AND known.day BETWEEN $8 AND $9
    AND known.day BETWEEN question.first AND question.last
    AND (question.first_gap IS NULL OR known.day NOT BETWEEN question.first_gap AND question.last_gap)`;

const SUMS = `
  SELECT question.key, known.campaign_id AS "externalId", sum(known.impressions)::text AS impressions,
    sum(known.clicks)::text AS clicks, sum(known.cost_micros)::text AS cost, sum(known.conversions)::text AS conversions,
    sum(known.conversion_value_micros)::text AS "conversionValue" ${METRICS}
  GROUP BY question.key, known.campaign_id`;

const ACTIONS = `
  SELECT sums.key, sums.campaign_id AS "externalId", jsonb_object_agg(sums.type, sums.value::text) AS actions
  FROM (
    SELECT question.key, known.campaign_id, action.type, sum(action.value::numeric) AS value ${METRICS}
    CROSS JOIN LATERAL jsonb_each_text(known.actions) AS action (type, value)
    GROUP BY question.key, known.campaign_id, action.type
  ) AS sums
  GROUP BY sums.key, sums.campaign_id`;

const DAYS = `
  SELECT question.key, known.campaign_id AS "externalId", known.day::text AS day,
    covered.fetched_at AS "fetchedAt", known.impressions::text,
    known.clicks::text, known.cost_micros::text AS cost, known.conversions::text AS conversions,
    known.conversion_value_micros::text AS "conversionValue", known.actions ${METRICS}
  JOIN integrations.history_day AS covered ON covered.organization_id = known.organization_id
    AND covered.account_id = known.account_id AND covered.day = known.day AND covered.day BETWEEN $8 AND $9
  ORDER BY known.day, known.campaign_id`;

const CAMPAIGNS = `
  SELECT account_id AS "accountId", external_id AS "externalId", name, status, provider_status AS "providerStatus", objective,
    type, budget
  FROM integrations.history_campaign WHERE account_id = ANY($1) AND organization_id = $2`;

interface Figures extends Record<'impressions' | 'clicks' | 'cost', string> {
  key: string;
  externalId: string;
  conversions: string | null;
  conversionValue: string | null;
  actions?: Record<string, string> | null;
}

function metricsOf(figures: Figures, currency: string): AdMetrics {
  return {
    impressions: Number(figures.impressions),
    clicks: Number(figures.clicks),
    cost: Money.fromMicros(figures.cost, currency).toString(),
    conversions: figures.conversions === null ? null : Number(figures.conversions),
    conversionValue:
      figures.conversionValue === null ? null : Money.fromMicros(figures.conversionValue, currency).toString(),
    actions: figures.actions ?? null,
  };
}

/** Returns the first and the last day of all questions: partitions of other months are not read. */
function outerDays(questions: readonly HistoryQuestion[]): [string, string] {
  const starts = questions.map(({ range }) => range.start).sort();
  const ends = questions.map(({ range }) => range.end).sort();
  return [starts[0] ?? '', ends.at(-1) ?? ''];
}

const keyOf = ({ account, range }: HistoryQuestion) => `${account.id} ${range.start} ${range.end}`;

/** Returns loaders of one organization's copied days. `isAsked` is whether the provider of an account is still asked. */
export function historyLoaders(
  database: LaggingReads,
  organizationId: string | undefined,
  now: () => Date,
  isAsked: (account: Account) => Promise<boolean>,
): HistoryLoaders {
  async function loadParts(questions: readonly HistoryQuestion[]): Promise<(HistoryPart | null)[]> {
    const asked = await Promise.all(questions.map(({ account }) => isAsked(account)));
    const isLive = new Map(questions.map((question, index) => [question, asked[index] as boolean]));
    const lastCopiedOf = (question: HistoryQuestion) => {
      const today = dayIn(question.account.timeZone, now());
      return firstOf(question.range.end, isLive.get(question) ? addDays(today, -LIVE_DAYS) : today);
    };
    const freshAfter = new Date(now().getTime() - FRESH_MS);
    const wanted = questions.filter((question) => question.range.start <= lastCopiedOf(question));
    if (!organizationId || wanted.length === 0) return questions.map(() => null);
    interface Row extends Pick<HistoryPart, 'fetchedAt'> {
      key: string;
      firstGap: string | null;
      lastGap: string | null;
      copied: number;
    }
    const rows = await database.query<Row[]>(PARTS, [
      wanted.map(keyOf),
      wanted.map(({ account }) => account.id),
      wanted.map(({ range }) => range.start),
      wanted.map(lastCopiedOf),
      organizationId,
      wanted.map((question) => (isLive.get(question) ? freshAfter : new Date(0))),
      ...outerDays(wanted),
    ]);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return questions.map((question) => {
      const row = byKey.get(keyOf(question));
      if (!row) return null;
      const { range } = question;
      if (!isLive.get(question)) {
        // Nobody is asked: all copied days count, and the first missing one stands for the others.
        const missing = row.firstGap && { start: row.firstGap, end: row.firstGap };
        return row.copied === 0 ? null : { gap: missing || null, fetchedAt: row.fetchedAt };
      }
      const lastCopied = lastCopiedOf(question);
      const start = row.firstGap ?? (range.end > lastCopied ? addDays(lastCopied, 1) : null);
      const end = range.end > lastCopied ? range.end : row.lastGap;
      const gap = start && end ? { start, end } : null;
      return gap && gap.start === range.start && gap.end === range.end ? null : { gap, fetchedAt: row.fetchedAt };
    });
  }
  const parts = new DataLoader(loadParts, { cacheKeyFn: keyOf });

  /** By question key. */
  async function readFigures<Row extends { key: string }>(sql: string, questions: readonly HistoryQuestion[]) {
    const withParts = await Promise.all(
      questions.map(async (question) => ({ ...question, part: await parts.load(question) })),
    );
    const wanted = withParts.filter(({ part }) => part !== null);
    if (wanted.length === 0) return {};
    const rows = await database.query<Row[]>(sql, [
      wanted.map(keyOf),
      wanted.map(({ account }) => account.id),
      wanted.map(({ range }) => range.start),
      wanted.map(({ range }) => range.end),
      wanted.map(({ part }) => part?.gap?.start ?? null),
      wanted.map(({ part }) => part?.gap?.end ?? null),
      organizationId,
      ...outerDays(wanted),
    ]);
    return groupBy(rows, ({ key }) => key);
  }

  async function loadSums(questions: readonly HistoryQuestion[]): Promise<CampaignSums[][]> {
    const figures = await readFigures<Figures>(SUMS, questions);
    return questions.map((question) =>
      (figures[keyOf(question)] ?? []).map((row) => ({
        externalId: row.externalId,
        metrics: metricsOf(row, currencyOf(question.account)),
      })),
    );
  }

  async function loadActions(questions: readonly HistoryQuestion[]): Promise<Map<string, Record<string, string>>[]> {
    type Row = { key: string; externalId: string; actions: Record<string, string> };
    const sums = await readFigures<Row>(ACTIONS, questions);
    return questions.map(
      (question) => new Map((sums[keyOf(question)] ?? []).map(({ externalId, actions }) => [externalId, actions])),
    );
  }

  async function loadDays(questions: readonly HistoryQuestion[]): Promise<DatedDay[][]> {
    const figures = await readFigures<Figures & { day: string; fetchedAt: Date }>(DAYS, questions);
    return questions.map((question) =>
      (figures[keyOf(question)] ?? []).map((row) => ({
        externalId: row.externalId,
        day: row.day,
        fetchedAt: row.fetchedAt,
        metrics: metricsOf(row, currencyOf(question.account)),
      })),
    );
  }

  async function loadCampaigns(accountIds: readonly string[]): Promise<Map<string, KnownCampaign>[]> {
    type Row = KnownCampaign & { accountId: string };
    const rows = await database.query<Row[]>(CAMPAIGNS, [accountIds, organizationId]);
    const byAccount = groupBy(rows, ({ accountId }) => accountId);
    return accountIds.map(
      (id) => new Map((byAccount[id] ?? []).map(({ accountId: _, ...campaign }) => [campaign.externalId, campaign])),
    );
  }

  return {
    parts,
    sums: new DataLoader(loadSums, { cacheKeyFn: keyOf }),
    actions: new DataLoader(loadActions, { cacheKeyFn: keyOf }),
    days: new DataLoader(loadDays, { cacheKeyFn: keyOf }),
    campaigns: new DataLoader(loadCampaigns),
  };
}
