import type { EntityManager } from 'typeorm';
import { addDays, type DayRange, dayIn, daysOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AccountHistory } from '#integrations/entities/account-history.js';
import type { CampaignDay, CampaignRow, Rows } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';
import { CLAIM_MS } from './claim-history.js';
import { makePartitions } from './partitions.js';

export interface ReportedDays {
  history: History;
  range: DayRange;
  found: Rows<CampaignDay>;
  askedAt: Date;
  /** See DailyHistory. */
  restatedDays: number;
}

type History = Pick<AccountHistory, 'accountId' | 'organizationId' | 'currency' | 'timeZone'>;

const LOCK = `
  SELECT wanted_from::text AS "wantedFrom" FROM integrations.account_history
  WHERE account_id = $1 AND organization_id = $2 AND currency = $3 AND time_zone = $4 FOR UPDATE`;

// A day read later is newer.
const COVER = `
  INSERT INTO integrations.history_day AS known (account_id, organization_id, day, fetched_at, is_final)
  SELECT $1, $2, day, $4, day < $5::date FROM unnest($3::date[]) AS day
  ON CONFLICT (organization_id, account_id, day) DO UPDATE SET fetched_at = excluded.fetched_at, is_final = excluded.is_final
    WHERE known.fetched_at < excluded.fetched_at
  RETURNING day::text AS day`;

const DELETE_VANISHED = `
  DELETE FROM integrations.daily_metrics AS known
  WHERE account_id = $1 AND organization_id = $2 AND day = ANY($3::date[])
    AND NOT EXISTS (SELECT FROM unnest($4::date[], $5::text[]) AS reported (day, campaign_id)
      WHERE reported.day = known.day AND reported.campaign_id = known.campaign_id)`;

const WRITE = `
  INSERT INTO integrations.daily_metrics AS known (account_id, organization_id, day, campaign_id, impressions, clicks,
    cost_micros, conversions, conversion_value_micros, actions)
  SELECT $1, $2, reported.* FROM unnest($3::date[], $4::text[], $5::bigint[], $6::bigint[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::jsonb[]) AS reported
  ON CONFLICT (organization_id, account_id, day, campaign_id) DO UPDATE SET impressions = excluded.impressions, clicks = excluded.clicks,
    cost_micros = excluded.cost_micros, conversions = excluded.conversions,
    conversion_value_micros = excluded.conversion_value_micros,
    actions = excluded.actions
    WHERE (known.impressions, known.clicks, known.cost_micros, known.conversions, known.conversion_value_micros,
      known.actions)
      IS DISTINCT FROM (excluded.impressions, excluded.clicks, excluded.cost_micros, excluded.conversions,
        excluded.conversion_value_micros, excluded.actions)`;

/** Returns the days whose rows could all be read. */
function readableDays(range: DayRange, { unreadable }: Rows<CampaignDay>): string[] {
  const left = new Set(unreadable.map(({ day }) => day));
  // Without its day, a row may belong to any of them.
  return left.has(undefined) ? [] : daysOf(range).filter((day) => !left.has(day));
}

async function write(manager: EntityManager, { accountId, organizationId, currency }: History, rows: CampaignDay[]) {
  const microsOf = (amount: string) => String(Money.fromDecimal(amount, currency).toMicros());
  const column = <Value>(read: (row: CampaignDay) => Value) => rows.map(read);
  await manager.query(WRITE, [
    accountId,
    organizationId,
    column(({ day }) => day),
    column(({ externalId }) => externalId),
    column(({ metrics }) => metrics.impressions),
    column(({ metrics }) => metrics.clicks),
    column(({ metrics }) => microsOf(metrics.cost)),
    column(({ metrics }) => metrics.conversions?.toFixed(6) ?? null),
    column(({ metrics }) => (metrics.conversionValue === null ? null : microsOf(metrics.conversionValue))),
    column(({ metrics }) => (metrics.actions === null ? null : JSON.stringify(metrics.actions))),
  ]);
}

/**
 * Stores reported days and deletes figures no longer reported. Idempotent: only a later reading replaces a day. Returns
 * false when the account is gone or its currency or time zone differs.
 */
export async function saveHistoryDays(context: Context, reported: ReportedDays): Promise<boolean> {
  const { history, range, found, askedAt, restatedDays } = reported;
  const { accountId, organizationId, currency, timeZone } = history;
  await makePartitions(context, range);
  return context.database.transaction(async (manager) => {
    const key = [accountId, organizationId];
    const [held] = await manager.query<{ wantedFrom: string }[]>(LOCK, [...key, currency, timeZone]);
    if (!held) return false;
    const first = lastOf(range.start, held.wantedFrom);
    const days = readableDays({ start: first, end: range.end }, found);
    const finalBefore = addDays(dayIn(timeZone, askedAt), -restatedDays);
    const covered = await manager.query<{ day: string }[]>(COVER, [...key, days, askedAt, finalBefore]);
    const taken = new Set(covered.map(({ day }) => day));
    const rows = found.rows.filter(({ day }) => taken.has(day));
    const ids = rows.map(({ externalId }) => externalId);
    await manager.query(DELETE_VANISHED, [...key, [...taken], rows.map(({ day }) => day), ids]);
    if (rows.length > 0) await write(manager, history, rows);
    await manager.query(
      `UPDATE integrations.account_history SET updated_at = $3, claimed_until = greatest(claimed_until, $4)
       WHERE account_id = $1 AND organization_id = $2`,
      [...key, askedAt, new Date(askedAt.getTime() + CLAIM_MS)],
    );
    return true;
  });
}

/** Stores campaign names: providers do not list ended campaigns in later ranges. */
export async function saveHistoryCampaigns(
  { database }: Context,
  { account: { id, organizationId }, campaigns }: { account: Account; campaigns: CampaignRow[] },
): Promise<void> {
  await database.query(
    `INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status, objective)
     SELECT history.account_id, history.organization_id, listed.*
     FROM integrations.account_history AS history,
       unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS listed
     WHERE history.account_id = $1 AND history.organization_id = $2
     ON CONFLICT (organization_id, account_id, external_id) DO UPDATE SET name = excluded.name, status = excluded.status,
       provider_status = excluded.provider_status, objective = excluded.objective`,
    [
      id,
      organizationId,
      campaigns.map(({ externalId }) => externalId),
      campaigns.map(({ name }) => name),
      campaigns.map(({ status }) => status),
      campaigns.map(({ providerStatus }) => providerStatus),
      campaigns.map(({ objective }) => objective),
    ],
  );
}
