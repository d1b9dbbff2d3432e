import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  BusinessLocationConnectionModel,
  BusinessLocationModel,
  LocationInsightsModel,
} from '#integrations/models.js';
import type { LocationDay } from '#integrations/providers/products.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import type { PageArguments } from '#kit/page.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

const MAX_PLACES = 100;

const collator = new Intl.Collator('en', { numeric: true });

/** Returns a page of a business's locations, by name. Throws InvalidInput and the provider's errors. */
export async function listLocations(
  context: Context,
  { account, externalIds, ...page }: PageArguments & { account: Account; externalIds?: string[] | null },
): Promise<BusinessLocationConnectionModel> {
  rowsFor(page, 1);
  checkSize('externalIds', externalIds, MAX_PLACES);
  const answer = await context.loadAnswer({ product: 'locations', account });
  const locations = (answer?.found.rows ?? [])
    .filter(({ externalId }) => !externalIds || externalIds.includes(externalId))
    .map((location) => ({ ...location, account }))
    .sort((one, other) => collator.compare(one.name, other.name) || (one.externalId < other.externalId ? -1 : 1));
  return {
    ...pageByIndex(locations, page),
    freshness: answer ? freshnessOf(context, answer) : null,
    account,
    unreadable: unreadableRows(account, answer?.found.unreadable),
  };
}

function totalOf(days: LocationDay[]): LocationDay['metrics'] {
  const total = {
    searchImpressions: 0,
    mapsImpressions: 0,
    websiteClicks: 0,
    callClicks: 0,
    directionRequests: 0,
    conversations: 0,
    bookings: 0,
  };
  for (const { metrics } of days) {
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += metrics[name];
  }
  return total;
}

/** Returns the actions on a location's profile. Throws InvalidInput and the provider's errors. */
export async function readLocationInsights(
  context: Context,
  { location, range }: { location: BusinessLocationModel; range: DayRange },
): Promise<LocationInsightsModel | null> {
  const { account, externalId: locationId } = location;
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  const answer = asked && (await context.loadAnswer({ product: 'locationDays', account, locationId, range: asked }));
  if (!answer) return null;
  const { rows, reportedThrough } = answer.found;
  return {
    total: reportedThrough === null ? null : totalOf(rows),
    daily: rows.map(({ day, metrics }) => ({ date: day, metrics })),
    reportedThrough,
    unreadable: unreadableRows(account, answer.found.unreadable),
    freshness: freshnessOf(context, answer),
  };
}
