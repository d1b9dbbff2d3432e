const DAY_MS = 24 * 60 * 60 * 1000;

/** Stripe takes events of the last 35 days. */
const MAX_AGE_MS = 34 * DAY_MS;
/** Stripe finalizes the invoice of a period an hour after its end: later usage of it would never be charged. */
const OPEN_MS = 50 * 60 * 1000;

interface Ordered {
  orderedAt: Date;
  /** Of the subscription; null = there is none. */
  periodStart: Date | null;
  periodEnd: Date | null;
}

/**
 * Returns the instant that a meter event has, in whole seconds: when its report was ordered, as long as the invoice of that period can
 * still change, else the beginning of the period that is current.
 */
export function timestampOf({ orderedAt, periodStart, periodEnd }: Ordered, now: Date): Date {
  // The news of a period that has just begun may not have arrived.
  const begun = periodEnd && periodEnd <= now ? periodEnd : periodStart;
  const isClosed = begun !== null && now.getTime() - begun.getTime() > OPEN_MS;
  const earliest = Math.max(now.getTime() - MAX_AGE_MS, isClosed ? begun.getTime() : 0);
  return new Date(Math.floor(Math.max(orderedAt.getTime(), earliest) / 1000) * 1000);
}
