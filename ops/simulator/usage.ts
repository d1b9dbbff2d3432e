import type { Clock } from './clock.js';

const MINUTE_MS = 60_000;

/** Counts calls per key over a sliding window, minute by minute. */
export class Usage {
  readonly #minutes = new Map<string, Map<number, number>>();
  readonly #clock: Clock;
  readonly #windowMinutes: number;

  constructor(clock: Clock, windowMinutes: number) {
    this.#clock = clock;
    this.#windowMinutes = windowMinutes;
  }

  /** Counts a call, or whatever else a call costs. */
  add(key: string, amount = 1): void {
    const minutes = this.#minutes.get(key) ?? new Map<number, number>();
    const minute = Math.floor(this.#clock.nowMs() / MINUTE_MS);
    minutes.set(minute, (minutes.get(minute) ?? 0) + amount);
    this.#minutes.set(key, minutes);
  }

  /** Returns the calls within the window that ends now. */
  count(key: string): number {
    const oldest = Math.floor(this.#clock.nowMs() / MINUTE_MS) - this.#windowMinutes;
    const minutes = this.#minutes.get(key);
    if (!minutes) return 0;
    let calls = 0;
    for (const [minute, count] of minutes) {
      if (minute <= oldest) minutes.delete(minute);
      else calls += count;
    }
    return calls;
  }
}
