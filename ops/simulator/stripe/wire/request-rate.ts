/** Counts calls within a second of the simulator's clock. */
export class RequestRate {
  #second: number | undefined;
  #calls = 0;

  /** Counts a call, unless it exceeds the limit; null = there is none. */
  isExceeded(perSecond: number | null, second: number): boolean {
    if (perSecond === null) return false;
    if (second !== this.#second) this.#calls = 0;
    this.#second = second;
    if (this.#calls >= perSecond) return true;
    this.#calls += 1;
    return false;
  }
}
