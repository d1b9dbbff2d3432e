// Times are milliseconds since 1970, by our clock.

/** `isSoon` = as soon as a request in flight is answered. */
export type Verdict = { mayGo: true } | { mayGo: false; at: number; isSoon?: boolean };

export interface Caller {
  now: number;
  isBackground: boolean;
  /** The part reserved for interactive requests: 0.2 = a fifth. */
  reserve: number;
}

/** Answered with a report of the limit, without one, or not sent after all. */
export type Ending = 'answered' | 'silent' | 'kept';

/** For users. null = not reported; a share has the limit 100. */
export interface LimitUse {
  used: number | null;
  limit: number | null;
  resetsAt: Date | null;
}

export const MINUTE_MS = 60_000;
const UNKNOWN_END_MS = 5_000;
/** A request without an answer was lost with its process by then. */
const LOST_AFTER_MS = 2 * MINUTE_MS;

/** Returns when to retry where no end was reported. */
export const unknownEnd = (now: number): number => now + UNKNOWN_END_MS;

/** Returns the refusal until a request in flight ends. */
export const waitForAnswer = (now: number): Verdict => ({ mayGo: false, at: unknownEnd(now), isSoon: true });

/** Returns the requests that are not lost. */
export const stillInFlight = (inFlight: number[], now: number): number[] =>
  inFlight.filter((sentAt) => now - sentAt < LOST_AFTER_MS);

/** Returns the other requests in flight; undefined without one sent at `sentAt`. */
export function withoutOne(inFlight: number[], sentAt: number): number[] | undefined {
  const index = inFlight.indexOf(sentAt);
  return index < 0 ? undefined : inFlight.toSpliced(index, 1);
}

/** Returns a point in time as a Date. */
export const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
