import { setTimeout as wait } from 'node:timers/promises';

/** Waits until that many requests may be sent. Rejects when the work is aborted. */
export type Pace = (requests: number) => Promise<void>;

/** Keeps requests below a rate; null = as fast as they are answered. */
export function openPace(perSecond: number | null, signal: AbortSignal): Pace {
  let freeAt = performance.now();
  return async (requests) => {
    signal.throwIfAborted();
    if (perSecond === null) return;
    const startsAt = Math.max(freeAt, performance.now());
    freeAt = startsAt + (requests * 1000) / perSecond;
    const waitMs = startsAt - performance.now();
    if (waitMs > 0) await wait(waitMs, undefined, { signal });
  };
}
