import { DAY } from './periods.js';

/** Days from each failed attempt to the next one: four retries within three weeks. */
const RETRY_AFTER_DAYS = [3, 5, 6, 7] as const;

/** How often an invoice is attempted at most, the first attempt included. */
export const MAX_ATTEMPTS = RETRY_AFTER_DAYS.length + 1;

/** Returns when an invoice is attempted again after so many failed attempts, or null after the last. */
export function nextAttemptAfter(failedAttempts: number, failedAt: number): number | null {
  const days = RETRY_AFTER_DAYS[failedAttempts - 1];
  return days === undefined ? null : failedAt + days * DAY;
}
