import { addDays, type DayRange, dayIn, daysOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel } from '#integrations/models.js';
import { Parameters } from '#integrations/services/figures/parameters.js';
import { readSources } from '#integrations/services/performance/read-sources.js';
import { factTables } from '#integrations/services/performance/tables-of.js';
import type { Member } from './budget-target.js';

/** What is counted together. All accounts have one currency. */
export interface CountedTarget {
  key: string;
  members: Member[];
}

/** Figures of a day; the cost in millionths. */
export interface DayFigures {
  cost: bigint;
  clicks: number;
  conversions: number;
}

/** The figures of one target. */
export interface TargetDays {
  /** Of days with activity. */
  figures: Map<string, DayFigures>;
  /** When a day was read of the account that was read first; null = of one of the accounts it is unknown. */
  readAt(day: string): Date | null;
  /** How complete its accounts are; absent where only copied days were read. */
  sources?: FigureSourceModel[];
}

/** Returns the first day that is not over in all of the accounts. */
export function todayOf(accounts: Account[], now: Date): string {
  const days = accounts.map(({ timeZone }) => dayIn(timeZone, now)).sort();
  return days[0] ?? dayIn('UTC', now);
}

interface Row {
  target: string;
  day: string;
  cost: string;
  clicks: string;
  conversions: string;
  rowsRead: number;
}

const SUMS = `round(coalesce(sum(fact.cost_micros), 0))::text AS cost, coalesce(sum(fact.clicks), 0)::text AS clicks,
  coalesce(sum(fact.conversions), 0)::text AS conversions, count(*)::int AS "rowsRead"`;

/** One row per target, account and campaign; null = all campaigns. */
function memberTable(targets: CountedTarget[], parameters: Parameters): string {
  const rows = targets.flatMap(({ key, members }) =>
    members.flatMap(({ account, campaignIds }) =>
      (campaignIds ?? [null]).map((campaignId) => ({ key, accountId: account.id, campaignId })),
    ),
  );
  return `member AS (SELECT * FROM unnest(${parameters.add(rows.map(({ key }) => key))}::text[],
    ${parameters.add(rows.map(({ accountId }) => accountId))}::uuid[],
    ${parameters.add(rows.map(({ campaignId }) => campaignId))}::text[]) AS member (target, account_id, campaign_id))`;
}

const OF_MEMBER = `ON fact.account_id = member.account_id
  AND (member.campaign_id IS NULL OR member.campaign_id = fact.campaign_id)`;

function figuresByTarget(rows: Row[]): Map<string, Map<string, DayFigures>> {
  const found = new Map<string, Map<string, DayFigures>>();
  for (const { target, day, cost, clicks, conversions } of rows) {
    const figures = found.get(target) ?? new Map<string, DayFigures>();
    figures.set(day, { cost: BigInt(cost), clicks: Number(clicks), conversions: Number(conversions) });
    found.set(target, figures);
  }
  return found;
}

const accountsOf = (targets: CountedTarget[]): Account[] => [
  ...new Map(targets.flatMap(({ members }) => members.map(({ account }) => [account.id, account]))).values(),
];

/** Nothing more is spent by a closed account: what was copied of it is all there is. */
const isKnown = ({ state, code }: FigureSourceModel) => state !== 'MISSING' || code === 'ACCOUNT_CLOSED';

/** Returns the days of targets up to now: copied ones, and those that are not from their providers. */
export async function readTargetDays(
  context: Context,
  { organizationId, targets, range }: { organizationId: string; targets: CountedTarget[]; range: DayRange },
): Promise<Map<string, TargetDays>> {
  const now = context.services.now();
  const sources = await readSources(context, {
    accounts: accountsOf(targets),
    range,
    compared: null,
    needsCampaigns: false,
  });
  const parameters = new Parameters();
  const asked = sources.flatMap((source) => source.asked);
  const facts = factTables({ organizationId, sources, asked, amounts: null }, range, parameters);
  const rows = await context.database.query<Row[]>(
    `WITH ${facts.join(', ')}, ${memberTable(targets, parameters)}
     SELECT member.target, fact.day::text AS day, ${SUMS} FROM member JOIN fact ${OF_MEMBER} GROUP BY 1, 2`,
    parameters.values,
  );
  for (const { rowsRead } of rows) context.usage.rowsRead += rowsRead;
  const figures = figuresByTarget(rows);
  const byAccount = new Map(sources.map(({ account, completeness }) => [account.id, completeness]));
  return new Map(
    targets.map(({ key, members }) => {
      const own = members.flatMap(({ account }) => byAccount.get(account.id) ?? []);
      const readAt = own.length > 0 && own.every(isKnown) ? now : null;
      return [key, { figures: figures.get(key) ?? new Map(), readAt: () => readAt, sources: own }];
    }),
  );
}

// Only days copied in the account's current currency and time zone count.
const COPIED = `
  SELECT day.account_id AS "accountId", day.day::text AS day, day.fetched_at AS "readAt"
  FROM integrations.history_day AS day
  JOIN integrations.account ON account.organization_id = day.organization_id AND account.id = day.account_id
  JOIN integrations.account_history AS history ON history.organization_id = account.organization_id
    AND history.account_id = account.id AND history.time_zone = account.time_zone
    AND history.currency IS NOT DISTINCT FROM account.currency
  WHERE day.organization_id = $1 AND day.account_id = ANY ($2::uuid[]) AND day.day BETWEEN $3 AND $4`;

/** Returns the copied days of targets. No provider is asked. */
export async function readCopiedDays(
  context: Context,
  { organizationId, targets, range }: { organizationId: string; targets: CountedTarget[]; range: DayRange },
): Promise<Map<string, TargetDays>> {
  const { database } = context;
  const ids = accountsOf(targets).map(({ id }) => id);
  const parameters = new Parameters();
  const member = memberTable(targets, parameters);
  const rows = await database.query<Row[]>(
    `WITH ${member}
     SELECT member.target, fact.day::text AS day, ${SUMS} FROM member JOIN integrations.daily_metrics AS fact ${OF_MEMBER}
     WHERE fact.organization_id = ${parameters.add(organizationId)}
       AND fact.day BETWEEN ${parameters.add(range.start)} AND ${parameters.add(range.end)} GROUP BY 1, 2`,
    parameters.values,
  );
  type Copied = { accountId: string; day: string; readAt: Date };
  const copied = await database.query<Copied[]>(COPIED, [organizationId, ids, range.start, range.end]);
  const readAt = new Map(copied.map((one) => [`${one.accountId} ${one.day}`, one.readAt]));
  const figures = figuresByTarget(rows);
  return new Map(
    targets.map(({ key, members }) => {
      const open = members.filter(({ account }) => account.isActive);
      return [
        key,
        {
          figures: figures.get(key) ?? new Map(),
          readAt(day) {
            const times = open.map(({ account }) => readAt.get(`${account.id} ${day}`)?.getTime());
            return times.every((time) => time !== undefined) && times.length > 0 ? new Date(Math.min(...times)) : null;
          },
        },
      ];
    }),
  );
}

/**
 * Returns what was spent on the days that are known: read when `settledDays` more days had passed since they were over, in the
 * time zones of all accounts. `today` is taken as it is.
 */
export function spendOf(
  { figures, readAt }: TargetDays,
  { accounts, range, today, settledDays = 0 }: KnownDays,
): Map<string, bigint> {
  const spend = new Map<string, bigint>();
  for (const day of knownDays({ readAt }, { accounts, range, today, settledDays })) {
    spend.set(day, figures.get(day)?.cost ?? 0n);
  }
  return spend;
}

export interface KnownDays {
  accounts: Account[];
  range: DayRange;
  today: string;
  settledDays?: number;
}

/** Returns the days of a range whose figures are known: see `spendOf`. */
export function knownDays(
  { readAt }: Pick<TargetDays, 'readAt'>,
  { accounts, range, today, settledDays = 0 }: KnownDays,
): string[] {
  return daysOf(range).filter((day) => {
    const at = readAt(day);
    if (at === null) return false;
    return day === today || todayOf(accounts, at) > addDays(day, settledDays);
  });
}
