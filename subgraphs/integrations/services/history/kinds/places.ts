import type { EntityManager } from 'typeorm';
import { addDays, dayIn, daysOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { ProviderUnavailable } from '#integrations/errors.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { LocationDay, LocationRow } from '#integrations/providers/products.js';
import { askProvider } from '#integrations/services/ask/ask-provider.js';
import { placeColumns } from '#integrations/services/places/place-question.js';
import { Forbidden, NotFound } from '#runtime/errors.js';
import { type AccountDays, ask, type CopiedKind } from './copied-kind.js';

/** Most days of places in memory at once. */
const ROWS_PER_CALL = 100_000;
/** Google reports all places alike: some of them show through which day. */
const PROBED_PLACES = 5;
const PROBED_WITHOUT_COPY = 20;
const PROBED_DAYS = 14;

interface PlaceDay extends LocationDay {
  placeId: string;
}

interface PlaceDays {
  rows: PlaceDay[];
  /** Those that were read. */
  placeIds: string[];
}

const LISTED = `
  SELECT external_id AS "externalId" FROM integrations.place WHERE organization_id = $1 AND account_id = $2
    AND listed_at = (SELECT max(listed_at) FROM integrations.place WHERE organization_id = $1 AND account_id = $2)`;

const PLACE_COLUMNS = 'external_id, name, store_code, address, phone, website_url, maps_url, is_open';
const CHANGED = ['name', 'store_code', 'address', 'phone', 'website_url', 'maps_url', 'is_open', 'listed_at']
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

// Days copied before a place was listed lack its figures: they are read again, and until then the place is asked.
const SAVE_PLACES = `
  WITH listed AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
      AS listed (${PLACE_COLUMNS})
  ), added AS (
    SELECT coalesce(array_agg(external_id), '{}') AS ids FROM listed
    WHERE NOT EXISTS (SELECT FROM integrations.place
      WHERE organization_id = $2 AND account_id = $1 AND place.external_id = listed.external_id)
  ), marked AS (
    UPDATE integrations.history_day SET refresh_ordered_at = $11, incomplete = incomplete || added.ids
    FROM added WHERE organization_id = $2 AND account_id = $1 AND cardinality(added.ids) > 0
  )
  INSERT INTO integrations.place (account_id, organization_id, ${PLACE_COLUMNS}, listed_at)
  SELECT history.account_id, history.organization_id, listed.*, $11 FROM listed
  JOIN integrations.account_history AS history ON history.account_id = $1 AND history.organization_id = $2
  ON CONFLICT (organization_id, account_id, external_id) DO UPDATE SET ${CHANGED}`;

async function savePlaces({ database, services }: Context, account: Account, places: LocationRow[]): Promise<void> {
  const column = <Value>(read: (place: LocationRow) => Value) => places.map(read);
  await database.query(SAVE_PLACES, [
    account.id,
    account.organizationId,
    column(({ externalId }) => externalId),
    column(({ name }) => name),
    column(({ storeCode }) => storeCode),
    column(({ address }) => address),
    column(({ phone }) => phone),
    column(({ websiteUrl }) => websiteUrl),
    column(({ mapsUrl }) => mapsUrl),
    column(({ isOpen }) => isOpen),
    services.now(),
  ]);
}

/** Returns the places that were seen most lately; the first ones listed where nothing is copied. */
async function probedPlaces(
  { database, services }: Context,
  account: Account,
  places: LocationRow[],
): Promise<string[]> {
  const since = addDays(dayIn(account.timeZone, services.now()), -2 * PROBED_DAYS);
  const rows = await database.query<{ placeId: string }[]>(
    `SELECT place_id AS "placeId" FROM integrations.place_day
     WHERE organization_id = $1 AND account_id = $2 AND day >= $3 AND place_id = ANY ($4)
     GROUP BY place_id ORDER BY sum(search_impressions + maps_impressions) DESC LIMIT $5`,
    [account.organizationId, account.id, since, places.map(({ externalId }) => externalId), PROBED_PLACES],
  );
  if (rows.length > 0) return rows.map(({ placeId }) => placeId);
  return places.slice(0, PROBED_WITHOUT_COPY).map(({ externalId }) => externalId);
}

/** Returns through which day figures are reported; null = no place shows it. */
async function findReportedThrough(context: Context, account: Account, places: LocationRow[]): Promise<string | null> {
  const end = dayIn(account.timeZone, context.services.now());
  const range = { start: addDays(end, -PROBED_DAYS), end };
  const ids = await probedPlaces(context, account, places);
  const questions = ids.map((locationId) => ({ product: 'locationDays' as const, account, locationId, range }));
  const answers = [...(await askProvider(context, questions)).values()];
  const [first, ...others] = answers.flatMap((answer) =>
    answer instanceof Error ? [] : (answer.reportedThrough ?? []),
  );
  const failure = answers.find((answer) => answer instanceof Error);
  if (!first && failure) throw failure;
  return first ? lastOf(first, ...others) : null;
}

/** Answers are cached: when the limit of calls is reached, the next attempt goes on where this one ended. */
async function readPlace(context: Context, { account, range }: AccountDays, placeId: string) {
  try {
    const answer = await context.loadAnswer({ product: 'locationDays', account, locationId: placeId, range });
    if (answer && !answer.isStale) return { placeId, found: answer.found };
    const { name } = describeProviderById(account.providerId);
    return { placeId, found: new ProviderUnavailable(name, 'cannot be asked now') };
  } catch (error) {
    return { placeId, found: error as Error };
  }
}

const isRefusal = (error: Error) => error instanceof Forbidden || error instanceof NotFound;

const columns = Object.values(placeColumns);

const DELETE_VANISHED = `
  DELETE FROM integrations.place_day AS known
  WHERE account_id = $1 AND organization_id = $2 AND day = ANY ($3::date[]) AND place_id = ANY ($4)
    AND NOT EXISTS (SELECT FROM unnest($5::date[], $6::text[]) AS reported (day, place_id)
      WHERE reported.day = known.day AND reported.place_id = known.place_id)`;

const WRITE = `
  INSERT INTO integrations.place_day AS known (account_id, organization_id, day, place_id, ${columns.join(', ')})
  SELECT $1, $2, reported.* FROM unnest($3::date[], $4::text[],
    ${columns.map((_column, index) => `$${index + 5}::bigint[]`).join(', ')}) AS reported
  ON CONFLICT (organization_id, account_id, day, place_id) DO UPDATE
    SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE (${columns.map((column) => `known.${column}`).join(', ')})
      IS DISTINCT FROM (${columns.map((column) => `excluded.${column}`).join(', ')})`;

async function writeDays(
  manager: EntityManager,
  { accountId, organizationId }: { accountId: string; organizationId: string },
  days: ReadonlySet<string>,
  { rows, placeIds }: PlaceDays,
): Promise<void> {
  const [dates, ids] = [rows.map(({ day }) => day), rows.map(({ placeId }) => placeId)];
  await manager.query(DELETE_VANISHED, [accountId, organizationId, [...days], placeIds, dates, ids]);
  if (rows.length === 0) return;
  const names = Object.keys(placeColumns) as (keyof typeof placeColumns)[];
  const figures = names.map((name) => rows.map(({ metrics }) => metrics[name]));
  await manager.query(WRITE, [accountId, organizationId, dates, ids, ...figures]);
}

/** Figures of places by day, without days on which there are none, and the places as last listed. */
export const places: CopiedKind<PlaceDays> = {
  tables: ['place_day'],
  needsCurrency: false,

  async prepare(context, { account }) {
    const { rows: listed } = await ask(context, { product: 'locations', account });
    await savePlaces(context, account, listed);
    const daysPerCall = Math.max(1, Math.floor(ROWS_PER_CALL / Math.max(1, listed.length)));
    const through = await findReportedThrough(context, account, listed);
    return { daysPerCall, ...(through !== null && { through }) };
  },

  async read(context, { account, range }) {
    const listed = await context.database.query<{ externalId: string }[]>(LISTED, [account.organizationId, account.id]);
    const answers = await Promise.all(
      listed.map(({ externalId }) => readPlace(context, { account, range }, externalId)),
    );
    const errors = answers.flatMap(({ found }) => (found instanceof Error ? [found] : []));
    const stopped = errors.find((error) => !isRefusal(error) || errors.length === answers.length);
    if (stopped) throw stopped;
    // One that is refused, or has a strange value, does not stop the others: it is named with the days.
    const incomplete = new Map<string, string[]>();
    const figures: PlaceDays = { rows: [], placeIds: [] };
    for (const { placeId, found } of answers) {
      const missing = found instanceof Error ? daysOf(range) : found.unreadable.flatMap(({ day }) => day ?? []);
      for (const day of missing) incomplete.set(day, [...(incomplete.get(day) ?? []), placeId]);
      if (found instanceof Error) continue;
      figures.placeIds.push(placeId);
      figures.rows.push(...found.rows.map((row) => ({ ...row, placeId })));
    }
    const marks = new Map([...incomplete].map(([day, ids]) => [day, { incomplete: ids }]));
    return { figures, unreadable: [], marks };
  },

  async write(manager, { history, days, figures: { rows, placeIds } }) {
    const hasFigures = ({ metrics }: PlaceDay) => Object.values(metrics).some((value) => value > 0);
    await writeDays(manager, history, days, {
      placeIds,
      rows: rows.filter((row) => days.has(row.day) && hasFigures(row)),
    });
  },
};
