import { addDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel } from '#integrations/models.js';

/** Why days are missing. */
export type Reason = Pick<FigureSourceModel, 'code' | 'message'> & { retryAfter?: number | null };

/** Returns that days of a range are missing, and why. */
export function missingSource(
  account: Account,
  { range, gaps }: { range: DayRange; gaps: DayRange[] },
  { code, message, retryAfter = null }: Reason,
): FigureSourceModel {
  const before = addDays(firstOf(range.end, ...gaps.map(({ start }) => start)), -1);
  const reportedThrough = before < range.start ? null : before;
  return { account, state: 'MISSING', reportedThrough, fetchedAt: null, code, message, retryAfter };
}

/** Where the figures of a source come from. */
export interface SourceAnswers {
  /** Answers of the provider. */
  found: { fetchedAt: Date; isStale: boolean }[];
  /** When copied days that may change were read. */
  copiedAt: (Date | null)[];
  /** How many days back figures may still change; null = they do not. */
  restatedDays: number | null;
}

/**
 * Returns how complete the figures of a source are that has all days of a range; STALE, with the reason, where copied days may have changed
 * and the organization's plan does not include them any more.
 */
export async function completeSource(
  { services, plan }: Context,
  account: Account,
  range: DayRange,
  { found, copiedAt, restatedDays }: SourceAnswers,
): Promise<FigureSourceModel> {
  const today = dayIn(account.timeZone, services.now());
  const finalThrough = restatedDays === null ? today : addDays(today, -restatedDays - 1);
  const answeredAt = found.map(({ fetchedAt }) => fetchedAt.getTime());
  const times = [...answeredAt, ...copiedAt.flatMap((at) => (at ? [at.getTime()] : []))];
  const asOf = answeredAt.length > 0 ? dayIn(account.timeZone, new Date(Math.min(...answeredAt))) : today;
  const last = firstOf(range.end, asOf);
  const isFinal = range.end <= finalThrough;
  const isChangeable = copiedAt.some((at) => at !== null);
  const refusal = isChangeable ? await plan.refusalOfAccount(account) : null;
  return {
    account,
    state: refusal || found.some(({ isStale }) => isStale) ? 'STALE' : isFinal ? 'COMPLETE' : 'NOT_FINAL',
    reportedThrough: last < range.start ? null : last,
    fetchedAt: times.length > 0 ? new Date(Math.min(...times)) : null,
    code: refusal?.code ?? null,
    message: refusal?.message ?? null,
    retryAfter: null,
  };
}
