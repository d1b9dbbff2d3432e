/** Counts calls within the last second. */
export class RequestRate {
  #moments: number[] = [];

  /** Counts a call, unless it exceeds the limit; null = there is none. */
  isExceeded(perSecond: number | null): boolean {
    if (perSecond === null) return false;
    const now = performance.now();
    this.#moments = this.#moments.filter((moment) => moment > now - 1_000);
    if (this.#moments.length >= perSecond) return true;
    this.#moments.push(now);
    return false;
  }
}
