import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FreshnessModel } from '#integrations/models.js';
import type { DayRange, SearchDimension, SearchRow } from '#integrations/providers/products.js';
import { askAccount } from '#integrations/services/ask/ask-account.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { checkRange } from '#integrations/services/campaigns/check-range.js';
import type { Page, PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

// What Search Console answers in one call at the most is 25 times that.
const STEP = 1_000;

interface SearchArguments extends PageArguments {
  range: DayRange;
  dimensions: Uppercase<SearchDimension>[];
}

/** Returns a page of what people searched for. Throws InvalidInput, or what the provider fails with. */
export async function listSearchQueries(
  context: Context,
  account: Account,
  { range, dimensions, ...page }: SearchArguments,
): Promise<Page<SearchRow> & { freshness: FreshnessModel | null }> {
  checkRange(range, context.services.now());
  const names = dimensions.map((dimension) => dimension.toLowerCase() as SearchDimension);
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new InvalidInput([{ argument: 'dimensions', problem: 'must name at least one dimension, and each once' }]);
  }
  const question = { range, dimensions: names, limit: rowsFor(page, STEP) };
  const known = await askAccount(context, account, 'searchQueries', question);
  return { ...pageByIndex(known?.found ?? [], page), freshness: known ? freshnessOf(context, known) : null };
}
