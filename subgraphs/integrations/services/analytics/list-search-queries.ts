import { addDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { SearchQueryConnectionModel } from '#integrations/models.js';
import type { SearchDataState, SearchDimension, SearchRow } from '#integrations/providers/products.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import type { PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

// Search Console returns at most 25 times as many rows in one call.
const STEP = 1_000;

interface SearchArguments extends PageArguments {
  account: Account;
  range: DayRange;
  dimensions: Uppercase<SearchDimension>[];
  dataState: Uppercase<SearchDataState>;
}

interface SearchScope {
  account: Account;
  range: DayRange;
  dataState: SearchDataState;
}

/** Returns a page of a site's search queries. Throws InvalidInput and the provider's errors. */
export async function listSearchQueries(
  context: Context,
  { account, range, dimensions, dataState: state, ...page }: SearchArguments,
): Promise<SearchQueryConnectionModel> {
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  const names = dimensions.map((dimension) => dimension.toLowerCase() as SearchDimension);
  if (new Set(names).size < names.length) {
    throw new InvalidInput([{ argument: 'dimensions', problem: 'must name each dimension once' }]);
  }
  const dataState = state.toLowerCase() as SearchDataState;
  const limit = rowsFor(page, STEP);
  const question = { product: 'searchQueries' as const, account, dimensions: names, dataState, limit };
  const answer = asked && (await context.loadAnswer({ ...question, range: asked }));
  return {
    ...pageByIndex(answer?.found.rows ?? [], page),
    freshness: answer ? freshnessOf(context, answer) : null,
    unreadable: unreadableRows(account, answer?.found.unreadable),
    account,
    range,
    dataState,
  };
}

/** Returns the figures of a site over a range, of all dimensions together. Throws the provider's errors. */
export async function readSearchTotals(
  { loadAnswer, services }: Context,
  { account, range, dataState }: SearchScope,
): Promise<SearchRow | null> {
  const asked = daysToAsk(range, account.timeZone, services.now());
  const question = { product: 'searchQueries' as const, account, dimensions: [], dataState, limit: STEP };
  const answer = asked && (await loadAnswer({ ...question, range: asked }));
  return answer?.found.rows[0] ?? null;
}

/** Google reports within two or three days. */
const COVERAGE_DAYS = 14;

/**
 * Returns the last reported day of a range of search results, and whether no figure of it will change; null where the
 * site cannot be asked. Asked once per site, whatever the range. Throws the provider's errors.
 */
export async function readSearchCoverage(
  { loadAnswer, services }: Context,
  { account, range, dataState }: SearchScope,
): Promise<{ reportedThrough: string | null; isFinal: boolean | null }> {
  const today = dayIn(account.timeZone, services.now());
  const recent = { start: addDays(today, 1 - COVERAGE_DAYS), end: today };
  const answer = await loadAnswer({ product: 'searchCoverage', account, range: recent });
  if (!answer) return { reportedThrough: null, isFinal: null };
  const { lastDay, firstIncompleteDay } = answer.found;
  // Earlier days are reported, with results or without.
  const complete = firstIncompleteDay ? addDays(firstIncompleteDay, -1) : (lastDay ?? addDays(recent.start, -1));
  const last = firstOf(range.end, dataState === 'all' ? (lastDay ?? complete) : complete);
  return { reportedThrough: last < range.start ? null : last, isFinal: range.end <= complete };
}
