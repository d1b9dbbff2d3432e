import {
  acquireConcurrency,
  type ConcurrencyState,
  emptyConcurrency,
  judgeConcurrency,
  refreshConcurrency,
  releaseConcurrency,
} from './kinds/concurrency.js';
import {
  acquireCounter,
  type CounterState,
  counterUse,
  emptyCounter,
  judgeCounter,
  refreshCounter,
  releaseCounter,
} from './kinds/counter.js';
import { type Caller, dateOf, type Ending, type LimitUse, MINUTE_MS, type Verdict } from './kinds/limit-kind.js';
import { judgeShare, type ShareState, shareOfReport, shareUse } from './kinds/share.js';
import {
  acquireWindow,
  applyWindowReport,
  emptyWindow,
  judgeWindow,
  refreshWindow,
  releaseWindow,
  resetWindow,
  type WindowState,
  windowUse,
} from './kinds/window.js';
import type { Charge, ReportedLimit } from './limits.js';

/** One limit; a refusal pauses any kind. */
export type LimitState = {
  knownAt: number;
  /** After a refusal. */
  pausedUntil?: number;
} & (WindowState | ShareState | CounterState | ConcurrencyState | { kind: 'refusal' });

/** By name. */
export type Limits = Record<string, LimitState>;

/** Clocks differ by less; a later state precedes a clock change. */
const MAX_CLOCK_DIFFERENCE_MS = MINUTE_MS;

/** Of another kind only the pause is kept. */
function stateFor(state: LimitState | undefined, charge: Charge): LimitState | undefined {
  if (!state || state.kind === charge.kind) return state;
  const { pausedUntil } = state;
  return { kind: 'refusal', knownAt: state.knownAt, ...(pausedUntil !== undefined && { pausedUntil }) };
}

/** Returns what holds now: windows that ended start anew. */
export function refresh(state: LimitState, now: number): LimitState {
  if (state.knownAt > now + MAX_CLOCK_DIFFERENCE_MS) {
    return state.kind === 'window' ? { ...resetWindow(state), knownAt: now } : { kind: 'refusal', knownAt: now };
  }
  const { pausedUntil, ...rest } = state;
  const paused = pausedUntil !== undefined && pausedUntil > now ? { pausedUntil } : {};
  switch (rest.kind) {
    case 'window':
      return { knownAt: rest.knownAt, ...refreshWindow(rest, now), ...paused };
    case 'counter':
      return { knownAt: rest.knownAt, ...refreshCounter(rest, now), ...paused };
    case 'concurrency':
      return { knownAt: rest.knownAt, ...refreshConcurrency(rest, now), ...paused };
    default:
      return { ...rest, ...paused };
  }
}

/** Returns whether a request may be sent. `known` is refreshed. */
export function judge(known: LimitState | undefined, charge: Charge, caller: Caller): Verdict {
  const state = stateFor(known, charge);
  if (state?.pausedUntil !== undefined) return { mayGo: false, at: state.pausedUntil };
  switch (charge.kind) {
    case 'window':
      return judgeWindow(state?.kind === 'window' ? state : emptyWindow(), caller);
    case 'share':
      return state?.kind === 'share' ? judgeShare(state, caller) : { mayGo: true };
    case 'counter':
      return state?.kind === 'counter' ? judgeCounter(state, charge, caller) : { mayGo: true };
    case 'concurrency':
      return judgeConcurrency(state?.kind === 'concurrency' ? state : emptyConcurrency(), charge, caller);
    case 'refusal':
      return { mayGo: true };
  }
}

/** Returns the state once a request is sent. */
export function acquire(known: LimitState | undefined, charge: Charge, caller: Caller): LimitState | undefined {
  const state = stateFor(known, charge);
  const common = {
    knownAt: caller.now,
    ...(state?.pausedUntil !== undefined && { pausedUntil: state.pausedUntil }),
  };
  switch (charge.kind) {
    case 'window':
      return { ...common, ...acquireWindow(state?.kind === 'window' ? state : emptyWindow(), caller) };
    case 'counter':
      return { ...common, ...acquireCounter(state?.kind === 'counter' ? state : emptyCounter(charge), charge, caller) };
    case 'concurrency':
      return { ...common, ...acquireConcurrency(state?.kind === 'concurrency' ? state : emptyConcurrency(), caller) };
    default:
      return known;
  }
}

function releasedKind(state: LimitState, sentAt: number, ending: Ending) {
  switch (state.kind) {
    case 'window':
      return releaseWindow(state, sentAt, ending);
    case 'counter':
      return releaseCounter(state, sentAt, ending);
    case 'concurrency':
      return releaseConcurrency(state, sentAt);
    default:
      return undefined;
  }
}

/** Returns the state once a request has ended; the same object when nothing changes. */
export function release(state: LimitState, sentAt: number, ending: Ending): LimitState {
  const released = releasedKind(state, sentAt, ending);
  return released ? { ...state, ...released } : state;
}

/** Returns the state after a report. */
export function applyReport(state: LimitState | undefined, report: ReportedLimit, now: number): LimitState {
  const before: LimitState = state ?? { kind: 'refusal', knownAt: now };
  const paused = before.pausedUntil === undefined ? {} : { pausedUntil: before.pausedUntil };
  switch (report.kind) {
    case 'pause':
      return { ...before, knownAt: now, pausedUntil: Math.max(report.until, before.pausedUntil ?? 0) };
    case 'share':
      return { ...paused, knownAt: now, ...shareOfReport(report, now) };
    case 'window': {
      const applied = applyWindowReport(before.kind === 'window' ? before : emptyWindow(), report);
      return applied ? { ...paused, knownAt: now, ...applied } : before;
    }
  }
}

function maxOf(state: LimitState): number | null {
  if (state.kind === 'share') return 100;
  return state.kind === 'window' || state.kind === 'counter' ? (state.max ?? null) : null;
}

function useOf(state: LimitState, now: number): LimitUse | undefined {
  const current = refresh(state, now);
  if (current.pausedUntil !== undefined) {
    const max = maxOf(state);
    return { used: max, limit: max, resetsAt: dateOf(current.pausedUntil) };
  }
  switch (current.kind) {
    case 'window':
      return windowUse(current);
    case 'share':
      return shareUse(current, now);
    case 'counter':
      return counterUse(current);
    default:
      return undefined;
  }
}

/** Of unknown size = exhausted. */
const shareOf = ({ used, limit }: LimitUse) => (limit === null ? 1 : (used ?? 0) / limit);

/** Returns the use of the limit closest to exhaustion, if one is known. */
export function tightestOf(states: LimitState[], now: number): LimitUse | null {
  const uses = states.flatMap((state) => useOf(state, now) ?? []);
  return uses.reduce<LimitUse | null>((one, other) => (one && shareOf(one) >= shareOf(other) ? one : other), null);
}
