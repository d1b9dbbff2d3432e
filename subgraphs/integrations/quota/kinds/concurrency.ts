import type { Charge } from '#integrations/quota/limits.js';
import { type Caller, stillInFlight, type Verdict, waitForAnswer, withoutOne } from './limit-kind.js';

/** Requests in flight, each by when it was sent. */
export interface ConcurrencyState {
  kind: 'concurrency';
  inFlight: number[];
}

/** Returns the state without requests in flight. */
export const emptyConcurrency = (): ConcurrencyState => ({ kind: 'concurrency', inFlight: [] });

/** Drops lost requests. */
export const refreshConcurrency = ({ inFlight }: ConcurrencyState, now: number): ConcurrencyState => ({
  kind: 'concurrency',
  inFlight: stillInFlight(inFlight, now),
});

/** Allows requests below the maximum in flight. */
export function judgeConcurrency(
  { inFlight }: ConcurrencyState,
  { max }: Extract<Charge, { kind: 'concurrency' }>,
  { now }: Caller,
): Verdict {
  return inFlight.length >= max ? waitForAnswer(now) : { mayGo: true };
}

/** Adds a request in flight. */
export const acquireConcurrency = ({ inFlight }: ConcurrencyState, { now }: Caller): ConcurrencyState => ({
  kind: 'concurrency',
  inFlight: [...inFlight, now],
});

/** Ends a request in flight; undefined = it is not. */
export function releaseConcurrency({ inFlight }: ConcurrencyState, sentAt: number): ConcurrencyState | undefined {
  const rest = withoutOne(inFlight, sentAt);
  return rest && { kind: 'concurrency', inFlight: rest };
}
