const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 4 * 60 * 60;
const JITTER = 0.2;

/** How long a mail is tried. A server that is down over a weekend's first two days must not cost a mail. */
export const GIVE_UP_AFTER_MS = 48 * 60 * 60 * 1000;

/**
 * Returns the seconds until the next attempt after so many: doubled each time up to four hours, and spread by a fifth so
 * that what failed together does not come back together.
 */
export function retryDelay(attempts: number, random = Math.random()): number {
  const seconds = Math.min(FIRST_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_SECONDS);
  return Math.round(seconds * (1 + JITTER * (2 * random - 1)));
}
