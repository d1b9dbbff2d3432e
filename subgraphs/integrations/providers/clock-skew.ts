/** Tokens and signatures are mostly accepted with five minutes of clock difference. */
const MAX_SKEW_MS = 5 * 60 * 1000;

// Clock difference at the last answer, by the provider's name.
const skews = new Map<string, number>();

/** Records the difference between the `Date` of an answer and the clock of this machine. */
export function recordClock(providerName: string, date: string | string[] | undefined): void {
  const theirs = Date.parse(String(date));
  if (!Number.isNaN(theirs)) skews.set(providerName, theirs - Date.now());
}

/** Returns the minutes by which our clock and a provider's differ; undefined when tokens are still accepted. */
export function minutesOfSkew(providerName: string): number | undefined {
  const skewMs = Math.abs(skews.get(providerName) ?? 0);
  return skewMs > MAX_SKEW_MS ? Math.round(skewMs / 60_000) : undefined;
}
