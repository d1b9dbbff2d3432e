import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { BusinessLocationModel, FreshnessModel, LocationInsightsModel } from '#integrations/models.js';
import type { DayRange, LocationDay } from '#integrations/providers/products.js';
import { askAccount } from '#integrations/services/ask/ask-account.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { checkRange } from '#integrations/services/campaigns/check-range.js';
import type { Page, PageArguments } from '#kit/page.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

const collator = new Intl.Collator('en', { numeric: true });

/** Returns a page of the places of a business, by name. Throws InvalidInput, or what the provider fails with. */
export async function listLocations(
  context: Context,
  account: Account,
  page: PageArguments,
): Promise<Page<BusinessLocationModel> & { freshness: FreshnessModel | null }> {
  rowsFor(page, 1);
  const known = await askAccount(context, account, 'locations', {});
  const places = (known?.found ?? [])
    .map((place) => ({ ...place, account }))
    .sort((one, other) => collator.compare(one.name, other.name) || (one.externalId < other.externalId ? -1 : 1));
  return { ...pageByIndex(places, page), freshness: known ? freshnessOf(context, known) : null };
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

/** Returns what people did with the profile of a place. Throws InvalidInput, or what the provider fails with. */
export async function readLocationInsights(
  context: Context,
  { account, externalId }: BusinessLocationModel,
  range: DayRange,
): Promise<LocationInsightsModel | null> {
  checkRange(range, context.services.now());
  const known = await askAccount(context, account, 'locationDays', { locationId: externalId, range });
  if (!known) return null;
  const daily = known.found.map(({ day, metrics }) => ({ date: day, metrics }));
  return { total: totalOf(known.found), daily, freshness: freshnessOf(context, known) };
}
