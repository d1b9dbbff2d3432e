import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import { addDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Account } from '#integrations/entities/account.js';
import type { AdMetrics, CampaignDay, CampaignRow } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { prepared } from '#runtime/database/prepared-statements.js';
import type { LaggingReads } from '#runtime/database/read-replica.js';
import { Money } from '#runtime/money.js';
import type { RememberedValues } from './remembered-values.js';

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

/** What changes with whatever is stored of an account. */
interface HistoryState {
  accountId: string;
  version: string;
  currency: string | null;
  timeZone: string;
}

interface RememberedPart {
  part: HistoryPart | null;
  /** Until its changeable figures are too old, in epoch milliseconds; null = for ever. */
  until: number | null;
}

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

const VERSIONS = prepared(`
  SELECT account_id AS "accountId", version, currency, time_zone AS "timeZone" FROM integrations.account_history
  WHERE organization_id = $1 AND account_id = ANY($2::uuid[])`);

// Only days copied in the account's current currency and time zone count.
const PARTS = `
  SELECT wanted.key, history.version,
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
  GROUP BY wanted.key, history.version`;

const METRICS = `
  FROM unnest($1::text[], $2::uuid[], $3::date[], $4::date[], $5::date[], $6::date[])
    AS question (key, account_id, first, last, first_gap, last_gap)
  JOIN integrations.daily_metrics AS known ON known.account_id = question.account_id AND known.organization_id = $7
    AND known.day BETWEEN $8 AND $9
    AND known.day BETWEEN question.first AND question.last
    AND (question.first_gap IS NULL OR known.day NOT BETWEEN question.first_gap AND question.last_gap)`;

/** The version of each account, of the same snapshot as the figures beside it. */
const VERSION = `
  SELECT question.key, history.version
  FROM unnest($1::text[], $2::uuid[]) AS question (key, account_id)
  JOIN integrations.account_history AS history ON history.organization_id = $7 AND history.account_id = question.account_id`;

const SUMS = `
  SELECT question.key, NULL AS version, known.campaign_id AS "externalId", sum(known.impressions)::text AS impressions,
    sum(known.clicks)::text AS clicks, sum(known.cost_micros)::text AS cost, sum(known.conversions)::text AS conversions,
    sum(known.conversion_value_micros)::text AS "conversionValue" ${METRICS}
  GROUP BY question.key, known.campaign_id
  UNION ALL SELECT key, version, NULL, NULL, NULL, NULL, NULL, NULL FROM (${VERSION}) AS versions`;

const ACTIONS = `
  SELECT sums.key, NULL AS version, sums.campaign_id AS "externalId", jsonb_object_agg(sums.type, sums.value::text) AS actions
  FROM (
    SELECT question.key, known.campaign_id, action.type, sum(action.value::numeric) AS value ${METRICS}
    CROSS JOIN LATERAL jsonb_each_text(known.actions) AS action (type, value)
    GROUP BY question.key, known.campaign_id, action.type
  ) AS sums
  GROUP BY sums.key, sums.campaign_id
  UNION ALL SELECT key, version, NULL, NULL FROM (${VERSION}) AS versions`;

const DAYS = `
  SELECT question.key, known.campaign_id AS "externalId", known.day::text AS day,
    covered.fetched_at AS "fetchedAt", known.impressions::text,
    known.clicks::text, known.cost_micros::text AS cost, known.conversions::text AS conversions,
    known.conversion_value_micros::text AS "conversionValue", known.actions ${METRICS}
  JOIN integrations.history_day AS covered ON covered.organization_id = known.organization_id
    AND covered.account_id = known.account_id AND covered.day = known.day AND covered.day BETWEEN $8 AND $9
  ORDER BY known.day, known.campaign_id`;

const CAMPAIGNS = `
  SELECT history.account_id AS "accountId", history.version, external_id AS "externalId", name, status,
    provider_status AS "providerStatus", objective, type, budget
  FROM integrations.account_history AS history
  LEFT JOIN integrations.history_campaign AS campaign ON campaign.organization_id = history.organization_id
    AND campaign.account_id = history.account_id
  WHERE history.account_id = ANY($1) AND history.organization_id = $2`;

interface Figures extends Record<'impressions' | 'clicks' | 'cost', string> {
  key: string;
  externalId: string;
  conversions: string | null;
  conversionValue: string | null;
  actions?: Record<string, string> | null;
}

/** Rows with the version alone come beside the figures. */
interface VersionedRow {
  key: string;
  version: string | null;
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

export interface HistoryLoadersOptions {
  database: LaggingReads;
  organizationId: string | undefined;
  remembered: RememberedValues;
  now(): Date;
  /** Whether the provider of an account is still asked. */
  isAsked(account: Account): Promise<boolean>;
}

/**
 * Returns loaders of one organization's copied days. Sums are remembered by the version of their account, which is read once an
 * operation and changes with each day that is stored, also by other processes.
 */
export function historyLoaders(options: HistoryLoadersOptions): HistoryLoaders {
  const { database, organizationId, remembered, now, isAsked } = options;

  async function loadVersions(accountIds: readonly string[]): Promise<(HistoryState | null)[]> {
    if (!organizationId) return accountIds.map(() => null);
    const rows = await database.query<HistoryState[]>(VERSIONS, [organizationId, accountIds]);
    const byAccount = new Map(rows.map((row) => [row.accountId, row]));
    return accountIds.map((id) => byAccount.get(id) ?? null);
  }
  const versions = new DataLoader(loadVersions);

  /** null unless days are copied in the account's currency and time zone. */
  async function versionOf({ account }: HistoryQuestion): Promise<string | null> {
    const state = await versions.load(account.id);
    const isCurrent = state?.timeZone === account.timeZone && state.currency === account.currency;
    return isCurrent ? state.version : null;
  }

  interface PartRow extends Pick<HistoryPart, 'fetchedAt'> {
    key: string;
    version: string;
    firstGap: string | null;
    lastGap: string | null;
    copied: number;
  }

  interface WantedPart {
    question: HistoryQuestion;
    isLive: boolean;
    lastCopied: string;
    key: string;
  }

  function partOf({ question: { range }, isLive, lastCopied }: WantedPart, row: PartRow): HistoryPart | null {
    if (!isLive) {
      // Nobody is asked: all copied days count, and the first missing one stands for the others.
      const missing = row.firstGap && { start: row.firstGap, end: row.firstGap };
      return row.copied === 0 ? null : { gap: missing || null, fetchedAt: row.fetchedAt };
    }
    const start = row.firstGap ?? (range.end > lastCopied ? addDays(lastCopied, 1) : null);
    const end = range.end > lastCopied ? range.end : row.lastGap;
    const gap = start && end ? { start, end } : null;
    return gap && gap.start === range.start && gap.end === range.end ? null : { gap, fetchedAt: row.fetchedAt };
  }

  async function readParts(wanted: WantedPart[]): Promise<Map<HistoryQuestion, HistoryPart | null>> {
    if (wanted.length === 0) return new Map();
    const freshAfter = new Date(now().getTime() - FRESH_MS);
    const rows = await database.query<PartRow[]>(PARTS, [
      wanted.map(({ question }) => keyOf(question)),
      wanted.map(({ question }) => question.account.id),
      wanted.map(({ question }) => question.range.start),
      wanted.map(({ lastCopied }) => lastCopied),
      organizationId,
      wanted.map(({ isLive }) => (isLive ? freshAfter : new Date(0))),
      ...outerDays(wanted.map(({ question }) => question)),
    ]);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const parts = wanted.map((one) => {
      const row = byKey.get(keyOf(one.question));
      if (!row) return [one.question, null] as const;
      const part = partOf(one, row);
      const until = one.isLive && row.fetchedAt ? row.fetchedAt.getTime() + FRESH_MS : null;
      const value: RememberedPart = { part, until };
      remembered.store(one.key, { inputs: [row.version], value, rows: 1 });
      return [one.question, part] as const;
    });
    return new Map(parts);
  }

  async function loadParts(questions: readonly HistoryQuestion[]): Promise<(HistoryPart | null)[]> {
    if (!organizationId) return questions.map(() => null);
    const found = new Map<HistoryQuestion, HistoryPart | null>();
    const wanted: WantedPart[] = [];
    const look = async (question: HistoryQuestion) => {
      const { account, range } = question;
      const version = await versionOf(question);
      if (version === null) return;
      const isLive = await isAsked(account);
      const today = dayIn(account.timeZone, now());
      const lastCopied = firstOf(range.end, isLive ? addDays(today, -LIVE_DAYS) : today);
      if (range.start > lastCopied) return;
      const key = `part ${keyOf(question)} ${lastCopied} ${isLive}`;
      const known = remembered.find<RememberedPart>(key, [version]);
      const isValid = known && (known.until === null || known.until > now().getTime());
      if (isValid) found.set(question, known.part);
      else wanted.push({ question, isLive, lastCopied, key });
    };
    await Promise.all(questions.map(look));
    const read = await readParts(wanted);
    return questions.map((question) => found.get(question) ?? read.get(question) ?? null);
  }
  const parts = new DataLoader(loadParts, { cacheKeyFn: keyOf });

  interface CopiedQuestion {
    question: HistoryQuestion;
    part: HistoryPart;
  }

  async function findCopied(questions: readonly HistoryQuestion[]): Promise<CopiedQuestion[]> {
    const found = await Promise.all(
      questions.map(async (question) => ({ question, part: await parts.load(question) })),
    );
    return found.filter((one): one is CopiedQuestion => one.part !== null);
  }

  /** By question key. */
  async function readFigures<Row extends { key: string }>(sql: string, copied: CopiedQuestion[]) {
    if (copied.length === 0) return {};
    const rows = await database.query<Row[]>(sql, [
      copied.map(({ question }) => keyOf(question)),
      copied.map(({ question }) => question.account.id),
      copied.map(({ question }) => question.range.start),
      copied.map(({ question }) => question.range.end),
      copied.map(({ part }) => part.gap?.start ?? null),
      copied.map(({ part }) => part.gap?.end ?? null),
      organizationId,
      ...outerDays(copied.map(({ question }) => question)),
    ]);
    return groupBy(rows, ({ key }) => key);
  }

  /** Reads figures unless they are remembered of the same version, and remembers them by the version they are of. */
  async function loadFigures<Row extends VersionedRow, Found extends object>(
    { name, sql, none }: { name: string; sql: string; none: Found },
    questions: readonly HistoryQuestion[],
    foundOf: (rows: Row[], question: HistoryQuestion) => Found,
  ): Promise<Found[]> {
    const found = new Map<HistoryQuestion, Found>();
    const keyOfPart = ({ question, part: { gap } }: CopiedQuestion) =>
      `${name} ${keyOf(question)} ${gap?.start ?? ''} ${gap?.end ?? ''}`;
    const wanted: CopiedQuestion[] = [];
    for (const one of await findCopied(questions)) {
      const known = remembered.find<Found>(keyOfPart(one), [await versionOf(one.question)]);
      if (known) found.set(one.question, known);
      else wanted.push(one);
    }
    const figures = await readFigures<Row>(sql, wanted);
    for (const one of wanted) {
      const rows = figures[keyOf(one.question)] ?? [];
      const version = rows.find((row) => row.version !== null)?.version;
      const value = foundOf(
        rows.filter((row) => row.version === null),
        one.question,
      );
      found.set(one.question, value);
      if (version) remembered.store(keyOfPart(one), { inputs: [version], value, rows: rows.length });
    }
    return questions.map((question) => found.get(question) ?? none);
  }

  const loadSums = (questions: readonly HistoryQuestion[]) =>
    loadFigures<Figures & VersionedRow, CampaignSums[]>(
      { name: 'sums', sql: SUMS, none: [] },
      questions,
      (rows, { account }) =>
        rows.map((row) => ({ externalId: row.externalId, metrics: metricsOf(row, currencyOf(account)) })),
    );

  type Actions = Map<string, Record<string, string>>;
  type ActionRow = VersionedRow & { externalId: string; actions: Record<string, string> };
  const loadActions = (questions: readonly HistoryQuestion[]) =>
    loadFigures<ActionRow, Actions>(
      { name: 'actions', sql: ACTIONS, none: new Map() },
      questions,
      (rows) => new Map(rows.map(({ externalId, actions }) => [externalId, actions])),
    );

  async function loadDays(questions: readonly HistoryQuestion[]): Promise<DatedDay[][]> {
    const copied = await findCopied(questions);
    const figures = await readFigures<Figures & { day: string; fetchedAt: Date }>(DAYS, copied);
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
    type Known = Map<string, KnownCampaign>;
    type Row = KnownCampaign & { accountId: string; version: string };
    const keyOfAccount = (id: string) => `campaigns ${id}`;
    const found = new Map<string, Known>();
    for (const id of accountIds) {
      const known = remembered.find<Known>(keyOfAccount(id), [(await versions.load(id))?.version]);
      if (known) found.set(id, known);
    }
    const wanted = accountIds.filter((id) => !found.has(id));
    const rows = wanted.length === 0 ? [] : await database.query<Row[]>(CAMPAIGNS, [wanted, organizationId]);
    for (const [id, all] of Object.entries(groupBy(rows, ({ accountId }) => accountId))) {
      const listed = all.filter(({ externalId }) => externalId !== null);
      const value = new Map(
        listed.map(({ accountId: _, version: __, ...campaign }) => [campaign.externalId, campaign]),
      );
      found.set(id, value);
      remembered.store(keyOfAccount(id), { inputs: [all[0]?.version], value, rows: all.length });
    }
    return accountIds.map((id) => found.get(id) ?? new Map());
  }

  return {
    parts,
    sums: new DataLoader(loadSums, { cacheKeyFn: keyOf }),
    actions: new DataLoader(loadActions, { cacheKeyFn: keyOf }),
    days: new DataLoader(loadDays, { cacheKeyFn: keyOf }),
    campaigns: new DataLoader(loadCampaigns),
  };
}
