import { type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel, UnreadableRowModel } from '#integrations/models.js';
import type { PostRow } from '#integrations/providers/products.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { findCopiedPart } from '#integrations/services/campaigns/read-campaigns.js';
import { completeSource, missingSource, type Reason } from '#integrations/services/figures/completeness.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import type { Side } from '#integrations/services/figures/metric-sql.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { AppError } from '#runtime/errors.js';

/** A post that was not copied. */
export interface AskedPost extends PostRow {
  accountId: string;
  fetchedAt: Date;
}

/** The posts of an account, as far as they are not taken from the copy. */
export interface PostSource {
  account: Account;
  /** Days that are asked. */
  gaps: DayRange[];
  asked: AskedPost[];
  unreadable: UnreadableRowModel[];
  /** Whether any day of the range, and of the days it is compared with, is reported. */
  isReported: Record<Side, boolean>;
  completeness: FigureSourceModel;
}

/** What of a range is asked, and when the rest was read; null for a range that begins later than today. */
interface Part {
  gap: DayRange | null;
  copiedAt: Date | null;
}

async function findPart(context: Context, account: Account, given: DayRange | null): Promise<Part | null> {
  const end = given && firstOf(given.end, dayIn(account.timeZone, context.services.now()));
  if (!end || end < given.start) return null;
  const range = { start: given.start, end };
  const copied = await findCopiedPart(context, { account, range });
  return copied ? { gap: copied.gap, copiedAt: copied.fetchedAt } : { gap: range, copiedAt: null };
}

async function readSource(
  context: Context,
  {
    account,
    range,
    gaps,
    copiedAt,
  }: { account: Account; range: DayRange; gaps: DayRange[]; copiedAt: (Date | null)[] },
): Promise<Pick<PostSource, 'asked' | 'unreadable' | 'completeness'>> {
  const load = (gap: DayRange) => context.loadAnswer({ product: 'posts', account, range: gap });
  const found = (await Promise.all(gaps.map(load))).flatMap((answer) => answer ?? []);
  const posts = found.flatMap(({ found: { rows }, fetchedAt }) =>
    rows.map((row) => ({ ...row, accountId: account.id, fetchedAt })),
  );
  const history = context.providers.find(account.providerId)?.history;
  const complete = await completeSource(context, account, range, {
    found,
    copiedAt,
    restatedDays: history ? restatedDaysOf(account, history) : null,
  });
  return {
    // The two ranges may have days in common.
    asked: [...new Map(posts.map((post) => [post.externalId, post])).values()],
    unreadable: unreadableRows(
      account,
      found.flatMap((answer) => answer.found.unreadable),
    ),
    completeness: complete,
  };
}

/** Returns the posts of an account that are not copied, from the provider, and how complete they are. */
export async function readPostSource(
  context: Context,
  { account, range, compared }: FigureDays & { account: Account },
): Promise<PostSource> {
  const [current, previous] = await Promise.all([
    findPart(context, account, range),
    findPart(context, account, compared),
  ]);
  const parts = [current, previous].filter((part) => part !== null);
  const gaps = parts.flatMap(({ gap }) => gap ?? []);
  const isReported = { current: current !== null, previous: previous !== null };
  const missing = (reason: Reason): PostSource => ({
    account,
    gaps,
    asked: [],
    unreadable: [],
    isReported,
    completeness: missingSource(account, { range, gaps }, reason),
  });
  const closed = account.isActive ? null : faultOfAccount(account);
  if (closed && gaps.length > 0) return missing(closed);
  try {
    const copiedAt = parts.map((part) => part.copiedAt);
    return { account, gaps, isReported, ...(await readSource(context, { account, range, gaps, copiedAt })) };
  } catch (error) {
    // A defect of ours.
    if (!(error instanceof AppError)) throw error;
    return missing(error);
  }
}
