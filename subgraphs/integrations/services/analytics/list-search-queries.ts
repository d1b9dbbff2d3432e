import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FreshnessModel, UnreadableRowModel } from '#integrations/models.js';
import type { SearchDimension, SearchRow } from '#integrations/providers/products.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { checkRange } from '#integrations/services/campaigns/check-range.js';
import type { Page, PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

// Search Console returns at most 25 times as many rows in one call.
const STEP = 1_000;

interface SearchArguments extends PageArguments {
  account: Account;
  range: DayRange;
  dimensions: Uppercase<SearchDimension>[];
}

/** Returns a page of a site's search queries. Throws InvalidInput and the provider's errors. */
export async function listSearchQueries(
  context: Context,
  { account, range, dimensions, ...page }: SearchArguments,
): Promise<Page<SearchRow> & { freshness: FreshnessModel | null; unreadable: UnreadableRowModel[] }> {
  checkRange(range, context.services.now());
  const names = dimensions.map((dimension) => dimension.toLowerCase() as SearchDimension);
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new InvalidInput([{ argument: 'dimensions', problem: 'must name at least one dimension, and each once' }]);
  }
  const limit = rowsFor(page, STEP);
  const answer = await context.loadAnswer({ product: 'searchQueries', account, range, dimensions: names, limit });
  return {
    ...pageByIndex(answer?.found.rows ?? [], page),
    freshness: answer ? freshnessOf(context, answer) : null,
    unreadable: unreadableRows(account, answer?.found.unreadable),
  };
}
