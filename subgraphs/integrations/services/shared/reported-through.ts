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

/** How old figures are, and how far they reach; null where no provider was asked. */
export interface Reported {
  freshness: FreshnessModel | null;
  reportedThrough: string | null;
}

/** Returns both for an answer of such a provider. */
export function reported(
  context: Context,
  { account, range, answer }: { account: Account; range: DayRange; answer: Answer<unknown> | null | undefined },
): Reported {
  if (!answer) return { freshness: null, reportedThrough: null };
  return {
    freshness: freshnessOf(context, answer),
    reportedThrough: reportedThrough(account, range, answer.fetchedAt),
  };
}
