import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { BusinessLocationConnectionModel } from '#integrations/models.js';
import { pageByIndex, rowsFor } from '#integrations/services/analytics/page-by-index.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import type { PageArguments } from '#kit/page.js';

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
