import { ProviderUnavailable } from '#integrations/errors.js';
import { RateLimited } from '#runtime/errors.js';

/** A failing account; a working one has no state. Times are milliseconds since 1970. */
export interface FailureState {
  /** Consecutive failures. */
  failures: number;
  failedAt: number;
  /** Absent = the circuit is closed. */
  openUntil?: number;
  /** How often in a row the circuit opened. */
  pauses: number;
  /** When the probe in flight is overdue. */
  probedUntil?: number;
}

export type Permit = { kind: 'ask' } | { kind: 'probe' } | { kind: 'wait'; at: number };

/** `unknown`: the result says nothing about the account. */
export type Outcome = 'failed' | 'answered' | 'unknown';

const SECOND_MS = 1_000;
const FIRST_PAUSE_MS = 30 * SECOND_MS;
const LONGEST_PAUSE_MS = 15 * 60 * SECOND_MS;
/** Longer than any request: a probe was lost with its process by then. */
const PROBE_LASTS_MS = 60 * SECOND_MS;
/** Clocks differ by less; a later failure precedes a clock change. */
const MAX_CLOCK_DIFFERENCE_MS = 60 * SECOND_MS;

/** Returns whether an account may be asked. */
export function permitOf(state: FailureState | undefined, now: number): Permit {
  if (!state || state.openUntil === undefined) return { kind: 'ask' };
  if (state.failedAt > now + MAX_CLOCK_DIFFERENCE_MS) return { kind: 'probe' };
  if (state.openUntil > now) return { kind: 'wait', at: state.openUntil };
  const { probedUntil = now } = state;
  return probedUntil > now ? { kind: 'wait', at: probedUntil } : { kind: 'probe' };
}

/** Returns the state of an account being probed. */
export function beginProbe(state: FailureState, now: number): FailureState {
  return { ...state, failedAt: Math.min(state.failedAt, now), openUntil: now, probedUntil: now + PROBE_LASTS_MS };
}

/** Returns the state after a question; undefined = the account works. */
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
  // Sent before the circuit opened.
  if (openUntil !== undefined && !wasProbe) return state;
  if (!wasProbe && failed.failures < failuresToOpen) return failed;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(pauses, 10));
  return { ...failed, openUntil: now + pauseMs, pauses: pauses + 1 };
}

/** Meta's own errors, sent with status 400. */
const META_FAILURES = new Set<unknown>([1, 2]);

/** A rejected request says nothing about the provider's health. */
function isRejection({ cause }: ProviderUnavailable): boolean {
  const { status, code } = (cause ?? {}) as { status?: unknown; code?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && !META_FAILURES.has(code);
}

/** Returns what an answer says: refusals are answers; a limit says nothing, and may be our own. */
export function outcomeOf(answer: unknown): Outcome {
  if (answer instanceof ProviderUnavailable) return isRejection(answer) ? 'answered' : 'failed';
  return answer instanceof RateLimited ? 'unknown' : 'answered';
}
