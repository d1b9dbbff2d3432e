/** From here on a clock is wrong rather than late: tokens and signatures are mostly allowed five minutes. */
const MAX_SKEW_MS = 5 * 60 * 1000;

// How far each provider's clock was from ours when it last answered, by the provider's name.
const skews = new Map<string, number>();

/** Compares the `Date` of an answer with the clock of this machine, which is what may be wrong. */
export function noteDate(providerName: string, date: string | string[] | undefined): void {
  const theirs = Date.parse(String(date));
  if (!Number.isNaN(theirs)) skews.set(providerName, theirs - Date.now());
}

/** Returns by how many minutes our clock and a provider's differ, when that is more than both can bear. */
export function minutesOfSkew(providerName: string): number | undefined {
  const skewMs = Math.abs(skews.get(providerName) ?? 0);
  return skewMs > MAX_SKEW_MS ? Math.round(skewMs / 60_000) : undefined;
}
