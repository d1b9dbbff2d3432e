import type { DataSource, EntityManager } from 'typeorm';
import { addDays, countDays, dayIn, lastOf } from '#integrations/calendar-day.js';
import type { AccountHistory } from '#integrations/entities/account-history.js';
import type { CampaignDay, DayRange } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';
import { CLAIM_MS } from './claim-history.js';

/** What a provider told about some days of an account, and when it was asked. */
export interface ToldDays {
  range: DayRange;
  found: CampaignDay[];
  askedAt: Date;
  /** For how long after a day its figures may still change. */
  restatedDays: number;
}

type History = Pick<AccountHistory, 'accountId' | 'organizationId' | 'currency' | 'timeZone'>;

// Nobody else changes it until the transaction ends.
const LOCK = `
  SELECT wanted_from::text AS "wantedFrom" FROM integrations.account_history
  WHERE account_id = $1 AND organization_id = $2 AND currency = $3 AND time_zone = $4 FOR UPDATE`;

// A day that was asked for later is known better: it stays.
const COVER = `
  INSERT INTO integrations.history_day AS known (account_id, organization_id, day, fetched_at, is_final)
  SELECT $1, $2, day, $4, day < $5::date FROM unnest($3::date[]) AS day
  ON CONFLICT (account_id, day) DO UPDATE SET fetched_at = excluded.fetched_at, is_final = excluded.is_final
    WHERE known.fetched_at < excluded.fetched_at
  RETURNING day::text AS day`;

const FORGET_VANISHED = `
  DELETE FROM integrations.daily_metrics AS known
  WHERE account_id = $1 AND organization_id = $2 AND day = ANY($3::date[])
    AND NOT EXISTS (SELECT FROM unnest($4::date[], $5::text[]) AS told (day, campaign_id)
      WHERE told.day = known.day AND told.campaign_id = known.campaign_id)`;

const WRITE = `
  INSERT INTO integrations.daily_metrics AS known (account_id, organization_id, day, campaign_id, impressions, clicks,
    cost_micros, conversions, conversion_value_micros)
  SELECT $1, $2, told.* FROM unnest($3::date[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::numeric[],
    $9::bigint[]) AS told
  ON CONFLICT (account_id, day, campaign_id) DO UPDATE SET impressions = excluded.impressions, clicks = excluded.clicks,
    cost_micros = excluded.cost_micros, conversions = excluded.conversions,
    conversion_value_micros = excluded.conversion_value_micros
    WHERE (known.impressions, known.clicks, known.cost_micros, known.conversions, known.conversion_value_micros)
      IS DISTINCT FROM (excluded.impressions, excluded.clicks, excluded.cost_micros, excluded.conversions,
        excluded.conversion_value_micros)`;

/** A list that changed while it was paged may tell about a campaign's day twice: the later one counts. */
function distinct(found: CampaignDay[], days: Set<string>): CampaignDay[] {
  const rows = new Map<string, CampaignDay>();
  for (const row of found) if (days.has(row.day)) rows.set(`${row.day} ${row.externalId}`, row);
  return [...rows.values()];
}

async function write(manager: EntityManager, { accountId, organizationId, currency }: History, rows: CampaignDay[]) {
  const column = <Value>(read: (row: CampaignDay) => Value) => rows.map(read);
  const microsOf = (amount: string) => String(Money.fromDecimal(amount, currency).toMicros());
  await manager.query(WRITE, [
    accountId,
    organizationId,
    column(({ day }) => day),
    column(({ externalId }) => externalId),
    column(({ metrics }) => metrics.impressions),
    column(({ metrics }) => metrics.clicks),
    column(({ metrics }) => microsOf(metrics.cost)),
    column(({ metrics }) => metrics.conversions.toFixed(6)),
    column(({ metrics }) => microsOf(metrics.conversionValue)),
  ]);
}

/**
 * Stores what a provider told about some days, and that they are in: both or neither. Days on which nothing happened are
 * in, too; what was known of a day and is told no more is gone. Safe to call again and late: a day is only ever replaced
 * by what was asked for after it. Returns false when nobody wants the days any more: the account is gone, or has another
 * currency or time zone by now.
 */
export function saveHistoryDays(database: DataSource, history: History, told: ToldDays): Promise<boolean> {
  const { accountId, organizationId, currency, timeZone } = history;
  const { range, found, askedAt, restatedDays } = told;
  return database.transaction(async (manager) => {
    const key = [accountId, organizationId];
    const [held] = await manager.query<{ wantedFrom: string }[]>(LOCK, [...key, currency, timeZone]);
    if (!held) return false;
    const first = lastOf(range.start, held.wantedFrom);
    const days = Array.from({ length: countDays(first, range.end) }, (_, n) => addDays(first, n));
    const finalBefore = addDays(dayIn(timeZone, askedAt), -restatedDays);
    const covered = await manager.query<{ day: string }[]>(COVER, [...key, days, askedAt, finalBefore]);
    const taken = new Set(covered.map(({ day }) => day));
    const rows = distinct(found, taken);
    const ids = rows.map(({ externalId }) => externalId);
    await manager.query(FORGET_VANISHED, [...key, [...taken], rows.map(({ day }) => day), ids]);
    if (rows.length > 0) await write(manager, history, rows);
    await manager.query(
      `UPDATE integrations.account_history SET updated_at = $3, claimed_until = greatest(claimed_until, $4)
       WHERE account_id = $1 AND organization_id = $2`,
      [...key, askedAt, new Date(askedAt.getTime() + CLAIM_MS)],
    );
    return true;
  });
}
