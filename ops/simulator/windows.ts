import type { Clock } from './clock.js';

/** What is left of a limit after a call. */
export interface Allowance {
  limit: number;
  remaining: number;
  /** Epoch seconds at which the window ends. */
  resetsAt: number;
  /** Whether the call was one too many; such a call does not count. */
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
    // A clock that was set back must not leave somebody waiting in a window of the future.
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
