import type { Draw, Told } from './limits.js';

/** What is known of one limit. Times are milliseconds since 1970, by our clock. */
export interface LimitState {
  /** When it was last told, counted or drawn on. */
  knownAt: number;
  /** All of it; absent = the provider never said. */
  max?: number;
  /** Told, in the window that ends at `resetsAt`; of a share, in percent. */
  used: number;
  resetsAt?: number;
  /** A share: the provider tells percent of a limit that recovers bit by bit. */
  isShare?: boolean;
  /** When each request left that is not answered yet. */
  flights?: number[];
  /** How much one request uses up, as far as it was told. */
  cost?: number;
  /** What the provider documents of a limit we count ourselves. */
  counted?: { max: number; windowMs: number };
  /** Requests we counted ourselves: when each slice of the window began, and how many left in it. */
  slices?: [startedAt: number, count: number][];
  /** The provider refused: it is left alone until then. */
  pausedUntil?: number;
  /** When the next request of somebody nobody waits for may leave. */
  nextAt?: number;
}

/** What is known of all limits of one owner, by name. */
export type Limits = Record<string, LimitState>;

/** Whether a request may leave, and if not, when to try again. `isSoon` = as soon as another one is answered. */
export type Verdict = { mayGo: true } | { mayGo: false; at: number; isSoon?: boolean };

export interface Asker {
  now: number;
  isBackground: boolean;
  /** The part of each limit that is kept for what somebody waits for: 0.2 = a fifth. */
  reserve: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Two machines' clocks differ by less; what is known from later than this is from before our clock was put back. */
const CLOCKS_DIFFER_MS = MINUTE_MS;
/** Whoever has no answer by then will not get one: the process it left from is gone. */
const LOST_AFTER_MS = 2 * MINUTE_MS;
/** A share of which no end was told is believed this long; then one more request finds out. */
const SHARE_LASTS_MS = MINUTE_MS;
/** Requests that leave together before the provider first told what is left. */
const UNTOLD_AT_ONCE = 4;
/** The last requests of a window are in the air, and nobody knows when the next one begins. */
const UNKNOWN_END_MS = 5 * SECOND_MS;
const SLICES = 12;
/** A late answer to an early request may tell of the window before; providers that count to the second are off by one. */
const SAME_WINDOW_MS = 2 * SECOND_MS;

/** Returns what still holds now: windows that ended begin anew, what belongs to another time is forgotten. */
export function refresh(state: LimitState, now: number, windowMs = Number.POSITIVE_INFINITY): LimitState {
  const { max, cost } = state;
  if (state.knownAt > now + CLOCKS_DIFFER_MS)
    return { knownAt: now, used: 0, ...(max && { max }), ...(cost && { cost }) };
  const { resetsAt, nextAt, pausedUntil, flights = [], slices = [], ...kept } = state;
  const isOver = resetsAt !== undefined && resetsAt <= now;
  const inAir = flights.filter((leftAt) => now - leftAt < LOST_AFTER_MS);
  const counted = slices.filter(([startedAt]) => startedAt + windowMs + windowMs / SLICES > now);
  return {
    ...kept,
    used: isOver && !state.isShare ? 0 : state.used,
    // A share is judged by its end, also when that has passed.
    ...(resetsAt !== undefined && (!isOver || state.isShare) && { resetsAt }),
    ...(nextAt !== undefined && nextAt > now && { nextAt }),
    ...(pausedUntil !== undefined && pausedUntil > now && { pausedUntil }),
    ...(inAir.length > 0 && { flights: inAir }),
    ...(counted.length > 0 && { slices: counted }),
  };
}

const countOf = (slices: LimitState['slices'] = []) => slices.reduce((sum, [, count]) => sum + count, 0);

/** When the oldest requests we counted no longer count. */
export function countedUntil(slices: LimitState['slices'], windowMs: number): number | undefined {
  return slices?.[0] && slices[0][0] + windowMs + windowMs / SLICES;
}

function judgeShare({ used, knownAt, resetsAt }: LimitState, { now, isBackground, reserve }: Asker): Verdict {
  const until = resetsAt ?? knownAt + SHARE_LASTS_MS;
  const most = isBackground ? 100 * (1 - reserve) : 100;
  return used < most || until <= now ? { mayGo: true } : { mayGo: false, at: until };
}

/** Judges a limit of which we know how much there is and how much is used. */
function judgeAmount(state: LimitState, draw: Draw, max: number, { now, isBackground, reserve }: Asker): Verdict {
  const { cost = 1, flights = [], slices, nextAt = now } = state;
  const end = draw.counted ? countedUntil(slices, draw.counted.windowMs) : state.resetsAt;
  const left = max - (draw.counted ? countOf(slices) : state.used + flights.length * cost);
  const kept = isBackground ? Math.ceil(max * reserve) : 0;
  if (left - cost < kept) return { mayGo: false, at: end ?? now + UNKNOWN_END_MS };
  return isBackground && nextAt > now ? { mayGo: false, at: nextAt } : { mayGo: true };
}

/** Says whether a request may leave now. `state` is refreshed; undefined = nothing is known. */
export function judge(state: LimitState | undefined, draw: Draw, asker: Asker): Verdict {
  const soon: Verdict = { mayGo: false, at: asker.now + UNKNOWN_END_MS, isSoon: true };
  const inAir = state?.flights?.length ?? 0;
  if (state?.pausedUntil !== undefined) return { mayGo: false, at: state.pausedUntil };
  if (draw.atOnce !== undefined && inAir >= draw.atOnce) return soon;
  const max = draw.counted?.max ?? state?.max;
  if (max === undefined) return draw.isTold && inAir >= UNTOLD_AT_ONCE ? soon : { mayGo: true };
  if (!state) return { mayGo: true };
  return state.isShare ? judgeShare(state, asker) : judgeAmount(state, draw, max, asker);
}

/**
 * Returns when the next request that nobody waits for may leave: once half of a limit is used, the rest is spread over
 * what is left of its window.
 */
function paceOf(
  { resetsAt, used, max, cost = 1, flights = [] }: LimitState,
  { now, reserve }: Asker,
): number | undefined {
  if (max === undefined || resetsAt === undefined) return undefined;
  const left = max - used - flights.length * cost;
  const usable = left - Math.ceil(max * reserve);
  return left >= max / 2 || usable < cost ? undefined : now + Math.floor(((resetsAt - now) * cost) / usable);
}

function counted(slices: LimitState['slices'] = [], now: number, windowMs: number): LimitState['slices'] {
  const last = slices.at(-1);
  if (!last || now - last[0] >= windowMs / SLICES || now < last[0]) return [...slices, [now, 1]];
  return [...slices.slice(0, -1), [last[0], last[1] + 1]];
}

/** Returns what is known once a request has left; undefined where there is nothing to remember about it. */
export function afterLeaving(state: LimitState | undefined, draw: Draw, asker: Asker): LimitState | undefined {
  const { now, isBackground } = asker;
  const before = state ?? { knownAt: now, used: 0 };
  if (draw.counted) {
    return {
      ...before,
      knownAt: now,
      counted: draw.counted,
      slices: counted(before.slices, now, draw.counted.windowMs),
    };
  }
  const isCounted = draw.isTold || draw.atOnce !== undefined || (before.max !== undefined && !before.isShare);
  if (!isCounted) return state;
  const nextAt = isBackground ? paceOf(before, asker) : undefined;
  return { ...before, knownAt: now, flights: [...(before.flights ?? []), now], ...(nextAt && { nextAt }) };
}

/** How a request ended that left: it was answered or not, or it did not leave after all. */
export type Ending = 'answered' | 'silent' | 'kept';

/** Returns what is known once a request that left at `leftAt` has come back. */
export function afterReturning(state: LimitState, draw: Draw, leftAt: number, ending: Ending): LimitState {
  if (draw.counted) {
    if (ending !== 'kept') return state;
    const last = (state.slices ?? []).findLastIndex(([startedAt]) => startedAt <= leftAt);
    const slices = (state.slices ?? []).map(([at, n], place): [number, number] => [at, place === last ? n - 1 : n]);
    return { ...state, slices: slices.filter(([, count]) => count > 0) };
  }
  const flights = [...(state.flights ?? [])];
  const place = flights.indexOf(leftAt);
  if (place < 0) return state;
  flights.splice(place, 1);
  // Nobody told whether it counts: it does, as long as the window is known to end.
  const isSpent = ending === 'silent' && state.resetsAt !== undefined && draw.atOnce === undefined;
  return { ...state, flights, used: isSpent ? Math.min(state.max ?? 0, state.used + (state.cost ?? 1)) : state.used };
}

/** Returns what is known once an answer told about a limit. What an overtaken answer tells of the window does not count. */
export function afterTold(state: LimitState | undefined, told: Told, now: number): LimitState {
  const before = state ?? { knownAt: now, used: 0 };
  if (told.kind === 'pause')
    return { ...before, knownAt: now, pausedUntil: Math.max(told.until, before.pausedUntil ?? 0) };
  if (told.kind === 'share') {
    const { resetsAt: _, ...kept } = before;
    const end = told.resetsAt === undefined ? {} : { resetsAt: told.resetsAt };
    return { ...kept, knownAt: now, isShare: true, max: 100, used: told.usedPercent, ...end };
  }
  const { resetsAt = Number.NEGATIVE_INFINITY } = before;
  if (told.resetsAt < resetsAt - SAME_WINDOW_MS) return before;
  const isSame = told.resetsAt <= resetsAt + SAME_WINDOW_MS;
  return {
    ...before,
    knownAt: now,
    max: told.max,
    used: isSame ? Math.min(told.max, Math.max(before.used, told.used)) : told.used,
    resetsAt: isSame ? resetsAt : told.resetsAt,
    cost: told.cost ?? before.cost ?? 1,
  };
}
