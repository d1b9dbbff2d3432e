import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#runtime/errors.js';
import { isPassing } from './api-client.js';

export interface RetryOptions {
  /** No attempt begins later. */
  withinMs: number;
  firstPauseMs: number;
  signal: AbortSignal;
}

const MAX_PAUSE_MS = 10_000;

/**
 * Retries a step after failures that pass, with exponential backoff or the pause the API asks for. Throws the last
 * failure.
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
      await wait(nextMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
