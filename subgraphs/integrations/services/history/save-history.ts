import { addDays, type DayRange, dayIn, daysOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { CLAIM_MS } from './claim-history.js';
import type { CopiedKind, ReportedDays, StoredHistory } from './kinds/copied-kind.js';
import { makePartitions } from './partitions.js';

const LOCK = `
  SELECT wanted_from::text AS "wantedFrom" FROM integrations.account_history
  WHERE account_id = $1 AND organization_id = $2 AND time_zone = $4 AND currency IS NOT DISTINCT FROM $3 FOR UPDATE`;

// A day read later is newer.
const COVER = `
  INSERT INTO integrations.history_day AS known
    (account_id, organization_id, day, fetched_at, is_final, incomplete, quality)
  SELECT $1, $2, day, $4, day < $5::date, string_to_array(incomplete, ' '), string_to_array(quality, ' ')
  FROM unnest($3::date[], $6::text[], $7::text[]) AS reported (day, incomplete, quality)
  ON CONFLICT (organization_id, account_id, day) DO UPDATE SET fetched_at = excluded.fetched_at,
    is_final = excluded.is_final, incomplete = excluded.incomplete, quality = excluded.quality
    WHERE known.fetched_at < excluded.fetched_at
  RETURNING day::text AS day`;

/** Returns the days whose rows could all be read. */
function readableDays(range: DayRange, { unreadable }: ReportedDays): string[] {
  const left = new Set(unreadable.map(({ day }) => day));
  // Without its day, a row may belong to any of them.
  return left.has(undefined) ? [] : daysOf(range).filter((day) => !left.has(day));
}

/**
 * Stores reported days and deletes figures no longer reported. Idempotent: only a later reading replaces a day. Returns
 * false when the account is gone or its currency or time zone differs.
 */
export async function saveHistoryDays(
  context: Context,
  reported: {
    history: StoredHistory;
    kind: CopiedKind;
    range: DayRange;
    found: ReportedDays;
    askedAt: Date;
    /** See DailyHistory. */
    restatedDays: number;
  },
): Promise<boolean> {
  const { history, kind, range, found, askedAt, restatedDays } = reported;
  const { accountId, organizationId, currency, timeZone } = history;
  await makePartitions(context, range);
  return context.database.transaction(async (manager) => {
    const key = [accountId, organizationId];
    const [held] = await manager.query<{ wantedFrom: string }[]>(LOCK, [...key, currency, timeZone]);
    if (!held) return false;
    const first = lastOf(range.start, held.wantedFrom);
    const days = readableDays({ start: first, end: range.end }, found);
    const finalBefore = addDays(dayIn(timeZone, askedAt), -restatedDays);
    const marks = (name: 'incomplete' | 'quality') =>
      days.map((day) => (found.marks?.get(day)?.[name] ?? []).join(' '));
    const covered = await manager.query<{ day: string }[]>(COVER, [
      ...key,
      days,
      askedAt,
      finalBefore,
      marks('incomplete'),
      marks('quality'),
    ]);
    const taken = new Set(covered.map(({ day }) => day));
    await kind.write(manager, { history, days: taken, figures: found.figures });
    await manager.query(
      `UPDATE integrations.account_history SET updated_at = $3, claimed_until = greatest(claimed_until, $4)
       WHERE account_id = $1 AND organization_id = $2`,
      [...key, askedAt, new Date(askedAt.getTime() + CLAIM_MS)],
    );
    return true;
  });
}
