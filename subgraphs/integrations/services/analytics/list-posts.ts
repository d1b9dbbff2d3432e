import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FreshnessModel } from '#integrations/models.js';
import type { DayRange, PostRow } from '#integrations/providers/products.js';
import { askAccount } from '#integrations/services/ask/ask-account.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { checkRange } from '#integrations/services/campaigns/check-range.js';
import type { Page, PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

// X takes money for every post that is read: no more than a page of its own beyond what is asked for.
const STEP = 100;
const MAX_IDS = 1_000;

/** Returns a page of what an account posted, the newest first. Throws InvalidInput, or what the provider fails with. */
export async function listPosts(
  context: Context,
  account: Account,
  { range, ...page }: PageArguments & { range: DayRange },
): Promise<Page<PostRow> & { freshness: FreshnessModel | null }> {
  checkRange(range, context.services.now());
  const known = await askAccount(context, account, 'posts', { range, limit: rowsFor(page, STEP) });
  return { ...pageByIndex(known?.found ?? [], page), freshness: known ? freshnessOf(context, known) : null };
}

/** Returns posts by the provider's ids, in their order; null for one that is gone. Throws InvalidInput for ids no post can have. */
export async function listPostsById(
  context: Context,
  account: Account,
  externalIds: string[],
): Promise<(PostRow | null)[]> {
  const isWrong = externalIds.length > MAX_IDS || !externalIds.every((id) => /^\d{1,19}$/.test(id));
  if (isWrong) {
    throw new InvalidInput([{ argument: 'externalIds', problem: `must be at most ${MAX_IDS} ids of up to 19 digits` }]);
  }
  const known = await Promise.all(externalIds.map((postId) => askAccount(context, account, 'postById', { postId })));
  return known.map((post) => post?.found ?? null);
}
