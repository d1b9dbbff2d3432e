import { type DayRange, daysOf, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { FRESH_MS } from '#integrations/loaders/history-loaders.js';
import type { LocationRow } from '#integrations/providers/products.js';

/** The copied part of the days of an account's places. */
export interface CopiedPlaces {
  /** As last listed, by id. */
  known: Map<string, LocationRow>;
  /** Days to ask for all places; null = none. */
  gap: DayRange | null;
  /** Places to ask for all days, as some of theirs were not copied. */
  incomplete: Set<string>;
  /** The last copied day of the range; null = none. */
  reportedThrough: string | null;
  /** Of the oldest days that may change; null = there are none. */
  fetchedAt: Date | null;
}

const DAYS = `
  SELECT known.day::text AS day, known.fetched_at AS "fetchedAt", known.is_final AS "isFinal", known.incomplete
  FROM integrations.history_day AS known
  JOIN integrations.account_history AS history
    ON history.organization_id = known.organization_id AND history.account_id = known.account_id AND history.time_zone = $5
  WHERE known.organization_id = $1 AND known.account_id = $2 AND known.day BETWEEN $3 AND $4
  ORDER BY known.day`;

const LAST = `
  SELECT max(day)::text AS day, max(fetched_at) AS "fetchedAt" FROM integrations.history_day
  WHERE organization_id = $1 AND account_id = $2`;

const PLACES = `
  SELECT external_id AS "externalId", name, store_code AS "storeCode", address, phone, website_url AS "websiteUrl",
    maps_url AS "mapsUrl", is_open AS "isOpen"
  FROM integrations.place WHERE organization_id = $1 AND account_id = $2`;

interface CopiedDay {
  day: string;
  fetchedAt: Date;
  isFinal: boolean;
  incomplete: string[];
}

/** Returns the copied part of a range; null when nothing of the account is copied. */
export async function findCopiedPlaces(
  { laggingReads, services, plan }: Context,
  { account, range }: { account: Account; range: DayRange },
): Promise<CopiedPlaces | null> {
  const key = [account.organizationId, account.id];
  const [last] = await laggingReads.query<[{ day: string | null; fetchedAt: Date | null }]>(LAST, key);
  if (!last.day || !last.fetchedAt) return null;
  const [days, places] = await Promise.all([
    laggingReads.query<CopiedDay[]>(DAYS, [...key, range.start, range.end, account.timeZone]),
    laggingReads.query<LocationRow[]>(PLACES, key),
  ]);
  const isAsked = (await plan.refusalOfAccount(account)) === null;
  const oldest = isAsked ? services.now().getTime() - FRESH_MS : 0;
  const good = days.filter(({ isFinal, fetchedAt }) => isFinal || fetchedAt.getTime() > oldest);
  const copied = new Map(good.map((one) => [one.day, one]));
  // Later days were not reported when Google was last asked.
  const isCurrent = isAsked && last.fetchedAt.getTime() > oldest;
  const end = isCurrent ? firstOf(range.end, last.day) : range.end;
  const missing = daysOf({ start: range.start, end }).filter((day) => !copied.has(day));
  const [first] = missing;
  const changeable = good.filter(({ isFinal }) => !isFinal).map(({ fetchedAt }) => fetchedAt.getTime());
  return {
    known: new Map(places.map((place) => [place.externalId, place])),
    gap: first ? { start: first, end: missing.at(-1) as string } : null,
    incomplete: new Set(good.flatMap(({ incomplete }) => incomplete)),
    reportedThrough: good.at(-1)?.day ?? null,
    fetchedAt: changeable.length > 0 ? new Date(Math.min(...changeable)) : null,
  };
}
