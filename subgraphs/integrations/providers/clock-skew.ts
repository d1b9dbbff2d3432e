/** Most tokens and signatures tolerate five minutes. */
const MAX_SKEW_MS = 5 * 60 * 1000;

// By provider name.
const skews = new Map<string, number>();

/** Records the difference between the `Date` of an answer and our clock. */
export function recordClock(providerName: string, date: string | string[] | undefined): void {
  const theirs = Date.parse(String(date));
  if (!Number.isNaN(theirs)) skews.set(providerName, theirs - Date.now());
}

/** Returns the clock difference in minutes when tokens would be refused for it. */
export function minutesOfSkew(providerName: string): number | undefined {
  const skewMs = Math.abs(skews.get(providerName) ?? 0);
  return skewMs > MAX_SKEW_MS ? Math.round(skewMs / 60_000) : undefined;
}
