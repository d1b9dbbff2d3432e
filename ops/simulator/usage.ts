import type { Clock } from './clock.js';

const MINUTE_MS = 60_000;

/** Counts calls per key over a sliding window in whole minutes. */
export class Usage {
  readonly #minutes = new Map<string, Map<number, number>>();
  readonly #clock: Clock;
  readonly #windowMinutes: number;

  constructor(clock: Clock, windowMinutes: number) {
    this.#clock = clock;
    this.#windowMinutes = windowMinutes;
  }

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

/** A limit's state after a call. */
export interface Allowance {
  limit: number;
  remaining: number;
  /** Epoch seconds. */
  resetsAt: number;
  /** Whether the call was over the limit; such a call does not count. */
  isExceeded: boolean;
}

/** Counts calls per key in windows of fixed length, each beginning with its first call. */
export class Windows {
  readonly #windows = new Map<string, { endsAt: number; calls: number }>();
  readonly #clock: Clock;
  readonly #lengthMs: number;

  constructor(clock: Clock, lengthSeconds: number) {
    this.#clock = clock;
    this.#lengthMs = lengthSeconds * 1000;
  }

  take(key: string, limit: number): Allowance {
    const now = this.#clock.nowMs();
    let window = this.#windows.get(key);
    // After a clock is set back, no window may lie in the future.
    if (!window || window.endsAt <= now || window.endsAt > now + this.#lengthMs) {
      window = { endsAt: now + this.#lengthMs, calls: 0 };
      this.#windows.set(key, window);
    }
    const isExceeded = window.calls >= limit;
    if (!isExceeded) window.calls += 1;
    return {
      limit,
      remaining: Math.max(0, limit - window.calls),
      resetsAt: Math.ceil(window.endsAt / 1000),
      isExceeded,
    };
  }
}
