// Shared by all kinds of limit. Times are milliseconds since 1970, by our clock.

/** Whether a request may be sent, and if not, when to try again. `isSoon` = as soon as one in flight is answered. */
export type Verdict = { mayGo: true } | { mayGo: false; at: number; isSoon?: boolean };

export interface Caller {
  now: number;
  isBackground: boolean;
  /** The part of each limit that is reserved for interactive requests: 0.2 = a fifth. */
  reserve: number;
}

/** How a request ended: answered with a report of the limit, without one, or not sent after all. */
export type Ending = 'answered' | 'silent' | 'kept';

/** Use of a limit as shown to users. null = the provider does not report it; a share has a limit of 100. */
export interface LimitUse {
  used: number | null;
  limit: number | null;
  resetsAt: Date | null;
}

export const MINUTE_MS = 60_000;
/** When to try again where the provider has not reported the end of a window. */
const UNKNOWN_END_MS = 5_000;
/** A request without an answer by then was lost with its process. */
const LOST_AFTER_MS = 2 * MINUTE_MS;

export const unknownEnd = (now: number): number => now + UNKNOWN_END_MS;

export const waitForAnswer = (now: number): Verdict => ({ mayGo: false, at: unknownEnd(now), isSoon: true });

/** Returns the requests still in flight, each by when it was sent. */
export const stillInFlight = (inFlight: number[], now: number): number[] =>
  inFlight.filter((sentAt) => now - sentAt < LOST_AFTER_MS);

/** Returns the requests in flight without one sent at `sentAt`; undefined when there is none. */
export function withoutOne(inFlight: number[], sentAt: number): number[] | undefined {
  const index = inFlight.indexOf(sentAt);
  return index < 0 ? undefined : inFlight.toSpliced(index, 1);
}

export const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
