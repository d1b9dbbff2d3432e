import { type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FreshnessModel } from '#integrations/models.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import type { Answer } from '#integrations/services/ask/question.js';

/**
 * Returns the last day of a range that figures read at `fetchedAt` cover; null when the range had not begun. For
 * providers that report as they count, and do not say how far.
 */
export function reportedThrough({ timeZone }: Account, { start, end }: DayRange, fetchedAt: Date): string | null {
  const last = firstOf(end, dayIn(timeZone, fetchedAt));
  return last < start ? null : last;
}

/** Returns how old figures of such a provider are, and how far they reach; null where it was not asked. */
export function reported(
  context: Context,
  { account, range, answer }: { account: Account; range: DayRange; answer: Answer<unknown> | null | undefined },
): { freshness: FreshnessModel | null; reportedThrough: string | null } {
  if (!answer) return { freshness: null, reportedThrough: null };
  return {
    freshness: freshnessOf(context, answer),
    reportedThrough: reportedThrough(account, range, answer.fetchedAt),
  };
}
