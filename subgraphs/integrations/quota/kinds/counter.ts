import type { Charge } from '#integrations/quota/limits.js';
import { type Caller, dateOf, type Ending, type LimitUse, unknownEnd, type Verdict } from './limit-kind.js';

type CounterCharge = Extract<Charge, { kind: 'counter' }>;

/** Requests that we count, in slices of a sliding window. */
export interface CounterState {
  kind: 'counter';
  max: number;
  windowMs: number;
  slices: [startedAt: number, count: number][];
}

const SLICES = 12;

const countOf = ({ slices }: CounterState): number => slices.reduce((sum, [, count]) => sum + count, 0);

function oldestEndsAt({ slices: [oldest], windowMs }: CounterState): number | undefined {
  return oldest && oldest[0] + windowMs + windowMs / SLICES;
}

/** Returns the state without requests. */
export const emptyCounter = ({ max, windowMs }: CounterCharge): CounterState => ({
  kind: 'counter',
  max,
  windowMs,
  slices: [],
});

/** Drops slices before the window. */
export function refreshCounter(state: CounterState, now: number): CounterState {
  const { windowMs } = state;
  return { ...state, slices: state.slices.filter(([startedAt]) => startedAt + windowMs + windowMs / SLICES > now) };
}

/** Allows requests below the maximum, or its unreserved part. */
export function judgeCounter(
  state: CounterState,
  { max }: CounterCharge,
  { now, isBackground, reserve }: Caller,
): Verdict {
  const reserved = isBackground ? Math.ceil(max * reserve) : 0;
  if (max - countOf(state) - 1 >= reserved) return { mayGo: true };
  return { mayGo: false, at: oldestEndsAt(state) ?? unknownEnd(now) };
}

/** Counts a request in the current slice. */
export function acquireCounter(state: CounterState, { max, windowMs }: CounterCharge, { now }: Caller): CounterState {
  const last = state.slices.at(-1);
  const isNewSlice = !last || now - last[0] >= windowMs / SLICES || now < last[0];
  const slices: CounterState['slices'] = isNewSlice
    ? [...state.slices, [now, 1]]
    : state.slices.with(-1, [last[0], last[1] + 1]);
  return { kind: 'counter', max, windowMs, slices };
}

/** Uncounts a request that was not sent. */
export function releaseCounter(state: CounterState, sentAt: number, ending: Ending): CounterState | undefined {
  if (ending !== 'kept') return undefined;
  const last = state.slices.findLastIndex(([startedAt]) => startedAt <= sentAt);
  const slices = state.slices.map(([at, count], index): [number, number] => [at, index === last ? count - 1 : count]);
  return { ...state, slices: slices.filter(([, count]) => count > 0) };
}

/** Returns the use of the current window. */
export function counterUse(state: CounterState): LimitUse | undefined {
  if (state.slices.length === 0) return undefined;
  return { used: countOf(state), limit: state.max, resetsAt: dateOf(oldestEndsAt(state)) };
}
