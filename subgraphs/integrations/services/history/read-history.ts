import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { addDays, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Account } from '#integrations/entities/account.js';
import { currencyOf } from '#integrations/providers/currency-of.js';
import type { AdMetrics, CampaignDay, CampaignRow, DayRange } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';

/**
 * Today and the two days before are always asked for: their figures change by the hour. Google Ads, for one, tells most
 * within three hours and some after fifteen: https://support.google.com/google-ads/answer/2544985
 */
const LIVE_DAYS = 3;

/** Figures that may still change are told as they were last night, and are asked for anew when that night was missed. */
const GOOD_MS = 36 * 60 * 60 * 1000;

export interface HistoryQuestion {
  account: Account;
  range: DayRange;
}

/** What of a range is copied. */
export interface HistoryPart {
  /** From the first to the last day that must be asked for; null = none. The other days are in. */
  gap: DayRange | null;
  /** When the figures that may still change were read; null = there are none. */
  fetchedAt: Date | null;
}

export type CampaignSums = Pick<CampaignRow, 'externalId' | 'metrics'>;
/** What a campaign did on a day, and when its provider said so. */
export type DatedDay = CampaignDay & { fetchedAt: Date };
/** Who a campaign was when it was last listed. */
export type KnownCampaign = Omit<CampaignRow, 'metrics'>;

/** The copied days, for one operation: what is asked together is read together. */
export interface HistoryReader {
  /** Returns what of a range is in, or null when none of it is. */
  parts: DataLoader<HistoryQuestion, HistoryPart | null, string>;
  /** Returns what each campaign did on the days of a range that are in. */
  sums: DataLoader<HistoryQuestion, CampaignSums[], string>;
  /** The same day by day. */
  days: DataLoader<HistoryQuestion, DatedDay[], string>;
  /** Returns the campaigns of an account by id, as they were when they were last listed. */
  campaigns: DataLoader<string, Map<string, KnownCampaign>>;
}

// Those that count of the days that can: dates in a place that were copied in the account's currency and time zone.
const PARTS = `
  SELECT asked.place, min(asked.day)::text AS "firstAsked",
    (min(asked.day) FILTER (WHERE known.day IS NULL))::text AS "firstGap",
    (max(asked.day) FILTER (WHERE known.day IS NULL))::text AS "lastGap",
    min(known.fetched_at) FILTER (WHERE NOT known.is_final) AS "fetchedAt"
  FROM (
    SELECT place, account_id, generate_series(first::timestamp, last, '1 day')::date AS day
    FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS question (place, account_id, first, last)
  ) AS asked
  JOIN integrations.account ON account.id = asked.account_id AND account.organization_id = $5
  JOIN integrations.account_history AS history ON history.account_id = account.id
    AND history.currency = account.currency AND history.time_zone = account.time_zone
  LEFT JOIN integrations.history_day AS known ON known.account_id = asked.account_id AND known.day = asked.day
    AND (known.is_final OR known.fetched_at > $6)
  GROUP BY asked.place`;

const METRICS = `
  FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[], $5::date[], $6::date[])
    AS question (place, account_id, first, last, first_gap, last_gap)
  JOIN integrations.daily_metrics AS known ON known.account_id = question.account_id AND known.organization_id = $7
    AND known.day BETWEEN question.first AND question.last
    AND (question.first_gap IS NULL OR known.day NOT BETWEEN question.first_gap AND question.last_gap)`;

const SUMS = `
  SELECT question.place, known.campaign_id AS "externalId", sum(known.impressions)::text AS impressions,
    sum(known.clicks)::text AS clicks, sum(known.cost_micros)::text AS cost, sum(known.conversions)::text AS conversions,
    sum(known.conversion_value_micros)::text AS "conversionValue" ${METRICS}
  GROUP BY question.place, known.campaign_id`;

const DAYS = `
  SELECT question.place, known.campaign_id AS "externalId", known.day::text AS day,
    covered.fetched_at AS "fetchedAt", known.impressions::text,
    known.clicks::text, known.cost_micros::text AS cost, known.conversions::text AS conversions,
    known.conversion_value_micros::text AS "conversionValue" ${METRICS}
  JOIN integrations.history_day AS covered ON covered.account_id = known.account_id AND covered.day = known.day
  ORDER BY known.day, known.campaign_id`;

type Figures = Record<keyof AdMetrics, string> & { place: number; externalId: string };

function metricsOf(figures: Figures, currency: string): AdMetrics {
  return {
    impressions: Number(figures.impressions),
    clicks: Number(figures.clicks),
    cost: Money.fromMicros(figures.cost, currency).toString(),
    conversions: Number(figures.conversions),
    conversionValue: Money.fromMicros(figures.conversionValue, currency).toString(),
  };
}

const keyOf = ({ account, range }: HistoryQuestion) => `${account.id} ${range.start} ${range.end}`;

/** Returns a reader of what is copied for one organization. */
export function historyReader(
  database: DataSource,
  organizationId: string | undefined,
  now: () => Date,
): HistoryReader {
  async function findParts(questions: readonly HistoryQuestion[]): Promise<(HistoryPart | null)[]> {
    const ends = questions.map(({ account, range }) => {
      return firstOf(range.end, addDays(dayIn(account.timeZone, now()), -LIVE_DAYS));
    });
    const asked = [...questions.entries()].filter(([place, { range }]) => range.start <= (ends[place] as string));
    if (!organizationId || asked.length === 0) return questions.map(() => null);
    type Row = { place: number; firstGap: string | null; lastGap: string | null; fetchedAt: Date | null };
    const rows = await database.query<Row[]>(PARTS, [
      asked.map(([place]) => place),
      asked.map(([, { account }]) => account.id),
      asked.map(([, { range }]) => range.start),
      asked.map(([place]) => ends[place]),
      organizationId,
      new Date(now().getTime() - GOOD_MS),
    ]);
    const found = new Map(rows.map((row) => [row.place, row]));
    return questions.map(({ range }, place) => {
      const row = found.get(place);
      if (!row) return null;
      const lastCopied = ends[place] as string;
      const start = row.firstGap ?? (range.end > lastCopied ? addDays(lastCopied, 1) : null);
      const end = range.end > lastCopied ? range.end : row.lastGap;
      const gap = start && end ? { start, end } : null;
      return gap && gap.start === range.start && gap.end === range.end ? null : { gap, fetchedAt: row.fetchedAt };
    });
  }
  const parts = new DataLoader(findParts, { cacheKeyFn: keyOf });

  async function readFigures<Row extends Figures>(sql: string, questions: readonly HistoryQuestion[]) {
    const known = await parts.loadMany([...questions]);
    const wanted = [...questions.entries()].flatMap(([place, { account, range }]) => {
      const part = known[place];
      if (part instanceof Error) throw part;
      return part ? [{ place, account, range, gap: part.gap }] : [];
    });
    const found: Row[][] = questions.map(() => []);
    if (wanted.length === 0) return found;
    const rows = await database.query<Row[]>(sql, [
      wanted.map(({ place }) => place),
      wanted.map(({ account }) => account.id),
      wanted.map(({ range }) => range.start),
      wanted.map(({ range }) => range.end),
      wanted.map(({ gap }) => gap?.start ?? null),
      wanted.map(({ gap }) => gap?.end ?? null),
      organizationId,
    ]);
    for (const row of rows) found[row.place]?.push(row);
    return found;
  }

  return {
    parts,
    sums: new DataLoader(
      async (questions) => {
        const found = await readFigures<Figures>(SUMS, questions);
        return questions.map(({ account }, place) =>
          (found[place] ?? []).map((row) => ({
            externalId: row.externalId,
            metrics: metricsOf(row, currencyOf(account)),
          })),
        );
      },
      { cacheKeyFn: keyOf },
    ),
    days: new DataLoader(
      async (questions) => {
        const found = await readFigures<Figures & { day: string; fetchedAt: Date }>(DAYS, questions);
        return questions.map(({ account }, place) =>
          (found[place] ?? []).map((row) => ({
            externalId: row.externalId,
            day: row.day,
            fetchedAt: row.fetchedAt,
            metrics: metricsOf(row, currencyOf(account)),
          })),
        );
      },
      { cacheKeyFn: keyOf },
    ),
    campaigns: new DataLoader(async (accountIds) => {
      type Row = KnownCampaign & { accountId: string };
      const rows = await database.query<Row[]>(
        `SELECT account_id AS "accountId", external_id AS "externalId", name, status, provider_status AS "providerStatus",
           objective FROM integrations.history_campaign WHERE account_id = ANY($1) AND organization_id = $2`,
        [accountIds, organizationId],
      );
      const found = new Map(accountIds.map((id) => [id, new Map<string, KnownCampaign>()]));
      for (const { accountId, ...campaign } of rows) found.get(accountId)?.set(campaign.externalId, campaign);
      return accountIds.map((id) => found.get(id) ?? new Map());
    }),
  };
}
