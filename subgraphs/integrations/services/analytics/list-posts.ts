import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { PostConnectionModel } from '#integrations/models.js';
import type { PostRow } from '#integrations/providers/products.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import type { PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

// X charges for every post read: at most one page more than requested.
const STEP = 100;
const MAX_IDS = 1_000;

/** Returns a page of an account's posts, newest first. Throws InvalidInput and the provider's errors. */
export async function listPosts(
  context: Context,
  { account, range, ...page }: PageArguments & { account: Account; range: DayRange },
): Promise<PostConnectionModel> {
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  const limit = rowsFor(page, STEP);
  const answer = asked && (await context.loadAnswer({ product: 'posts', account, range: asked, limit }));
  return {
    ...pageByIndex(answer?.found.rows ?? [], page),
    freshness: answer ? freshnessOf(context, answer) : null,
    account,
    unreadable: unreadableRows(account, answer?.found.unreadable),
  };
}

/** Returns posts by their ids, in that order; null for one that is gone. Throws InvalidInput for impossible ids. */
export async function listPostsById(
  context: Context,
  { account, externalIds }: { account: Account; externalIds: string[] },
): Promise<(PostRow | null)[]> {
  const isWrong = externalIds.length > MAX_IDS || !externalIds.every((id) => /^\d{1,19}$/.test(id));
  if (isWrong) {
    throw new InvalidInput([{ argument: 'externalIds', problem: `must be at most ${MAX_IDS} ids of up to 19 digits` }]);
  }
  const load = (postId: string) => context.loadAnswer({ product: 'postById', account, postId });
  const answers = await Promise.all(externalIds.map(load));
  return answers.map((answer) => answer?.found ?? null);
}
