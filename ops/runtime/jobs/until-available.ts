import { setTimeout as wait } from 'node:timers/promises';
import { isUnavailable } from './postpone.js';

export interface UntilAvailableOptions {
  /** Called after each failed attempt that is followed by another. */
  onWaiting?(error: unknown, attempt: number): void;
  /** undefined = without end. */
  limitMs?: number;
  pauseMs?: number;
  /** Aborted when nobody waits any more. */
  signal?: AbortSignal;
}

const PAUSE_MS = 1_000;

/**
 * Repeats `step` while it fails because something is unavailable, and returns its result. Throws any other error at once, the last one
 * after `limitMs`, and an AbortError when the signal is aborted.
 */
export async function untilAvailable<T>(step: () => Promise<T>, options: UntilAvailableOptions = {}): Promise<T> {
  const { onWaiting, limitMs = Number.POSITIVE_INFINITY, pauseMs = PAUSE_MS, signal } = options;
  const since = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await step();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() - since + pauseMs > limitMs) throw error;
      onWaiting?.(error, attempt);
      await wait(pauseMs, undefined, { signal });
    }
  }
}
