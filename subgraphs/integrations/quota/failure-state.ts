import { ProviderUnavailable } from '#integrations/errors.js';
import { RateLimited } from '#runtime/errors.js';

/** What is known of a failing account; there is none for a working one. Times are milliseconds since 1970. */
export interface FailureState {
  /** Consecutive failures. */
  failures: number;
  failedAt: number;
  /** No question before then; absent = the circuit is closed. */
  openUntil?: number;
  /** How often in a row the circuit was opened. */
  pauses: number;
  /** A probe is in flight, and expected by then. */
  probedUntil?: number;
}

/** Whether an account may be asked: as usual, once as a probe, or not before `at`. */
export type Permit = { kind: 'ask' } | { kind: 'probe' } | { kind: 'wait'; at: number };

/** Result of a question: a transient failure, an answer, or nothing that says anything about the account. */
export type Outcome = 'failed' | 'answered' | 'unknown';

const SECOND_MS = 1_000;
const FIRST_PAUSE_MS = 30 * SECOND_MS;
const LONGEST_PAUSE_MS = 15 * 60 * SECOND_MS;
/** Longer than any request takes: a probe without a result by then was lost with its process. */
const PROBE_LASTS_MS = 60 * SECOND_MS;
/** Clocks of two machines differ by less; a later failure was recorded before our clock was set back. */
const MAX_CLOCK_DIFFERENCE_MS = 60 * SECOND_MS;

/** Returns whether an account may be asked now. */
export function permitOf(state: FailureState | undefined, now: number): Permit {
  if (!state || state.openUntil === undefined) return { kind: 'ask' };
  if (state.failedAt > now + MAX_CLOCK_DIFFERENCE_MS) return { kind: 'probe' };
  if (state.openUntil > now) return { kind: 'wait', at: state.openUntil };
  const { probedUntil = now } = state;
  return probedUntil > now ? { kind: 'wait', at: probedUntil } : { kind: 'probe' };
}

/** Returns the state of an account that is about to be probed. */
export function beginProbe(state: FailureState, now: number): FailureState {
  return { ...state, failedAt: Math.min(state.failedAt, now), openUntil: now, probedUntil: now + PROBE_LASTS_MS };
}

/** Returns the state of an account after a question; undefined = it works. */
export function afterOutcome(
  state: FailureState | undefined,
  outcome: Outcome,
  { now, failuresToOpen, wasProbe }: { now: number; failuresToOpen: number; wasProbe: boolean },
): FailureState | undefined {
  if (outcome === 'answered') return undefined;
  if (outcome === 'unknown') {
    if (!state || !wasProbe) return state;
    const { probedUntil: _, ...open } = state;
    return open;
  }
  const { failures, pauses, openUntil } = state ?? { failures: 0, pauses: 0, openUntil: undefined };
  const failed = { failures: failures + 1, failedAt: now, pauses };
  // A question sent before the circuit opened adds nothing.
  if (openUntil !== undefined && !wasProbe) return state;
  if (!wasProbe && failed.failures < failuresToOpen) return failed;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(pauses, 10));
  return { ...failed, openUntil: now + pauseMs, pauses: pauses + 1 };
}

/** Meta's codes of its own errors, sent with the status of a bad request. */
const META_FAILURES = new Set<unknown>([1, 2]);

/** Whether the provider rejected the request as such: that says nothing about its health. */
function isRejection({ cause }: ProviderUnavailable): boolean {
  const { status, code } = (cause ?? {}) as { status?: unknown; code?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && !META_FAILURES.has(code);
}

/**
 * Returns what an answer says about the account behind it. Withdrawn consent and other refusals are answers; a limit says
 * nothing, and may be our own.
 */
export function outcomeOf(answer: unknown): Outcome {
  if (answer instanceof ProviderUnavailable) return isRejection(answer) ? 'answered' : 'failed';
  return answer instanceof RateLimited ? 'unknown' : 'answered';
}
