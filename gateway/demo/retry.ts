import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#runtime/errors.js';
import { isPassing } from './api-client.js';

export interface RetryOptions {
  /** No attempt begins later than this after the first. */
  withinMs: number;
  firstPauseMs: number;
  /** Once aborted, no further attempt begins. */
  signal: AbortSignal;
}

const MAX_PAUSE_MS = 10_000;

/**
 * Runs a step again while it fails for a reason that passes, with a pause that doubles or is as long as the API asks for.
 * Throws the last failure.
 */
export async function retry<T>(step: () => Promise<T>, { withinMs, firstPauseMs, signal }: RetryOptions): Promise<T> {
  const endsAt = performance.now() + withinMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    try {
      signal.throwIfAborted();
      return await step();
    } catch (error) {
      const askedMs = error instanceof AppError ? (error.retryAfter ?? 0) * 1_000 : 0;
      const nextMs = Math.max(pauseMs, askedMs);
      if (!isPassing(error) || performance.now() + nextMs > endsAt) throw error;
      // Aborted meanwhile: what failed says more than that.
      await wait(nextMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
