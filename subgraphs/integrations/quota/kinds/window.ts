import type { ReportedLimit } from '#integrations/quota/limits.js';
import {
  type Caller,
  dateOf,
  type Ending,
  type LimitUse,
  stillInFlight,
  unknownEnd,
  type Verdict,
  waitForAnswer,
  withoutOne,
} from './limit-kind.js';

/** A limit per window with reported remainder. */
export interface WindowState {
  kind: 'window';
  max?: number;
  /** In the window that ends at `resetsAt`. */
  used: number;
  resetsAt?: number;
  /** Of one request, as reported. */
  cost?: number;
  /** By when they were sent. */
  inFlight: number[];
  /** For background requests. */
  nextAt?: number;
}

/** Concurrent requests before the first report. */
const UNREPORTED_AT_ONCE = 4;
/** A late answer may report the window before; some providers count in seconds. */
const SAME_WINDOW_MS = 2_000;

/** Returns the state before any report. */
export const emptyWindow = (): WindowState => ({ kind: 'window', used: 0, inFlight: [] });

/** Keeps what a clock change does not affect. */
export function resetWindow({ max, cost }: WindowState): WindowState {
  return { ...emptyWindow(), ...(max && { max }), ...(cost && { cost }) };
}

/** Resets a window that ended, and drops lost requests. */
export function refreshWindow({ resetsAt, nextAt, ...state }: WindowState, now: number): WindowState {
  const isOpen = resetsAt !== undefined && resetsAt > now;
  return {
    ...state,
    used: isOpen || resetsAt === undefined ? state.used : 0,
    inFlight: stillInFlight(state.inFlight, now),
    ...(isOpen && { resetsAt }),
    ...(nextAt !== undefined && nextAt > now && { nextAt }),
  };
}

/** Allows requests that the remainder covers, without the reserve for background ones. */
export function judgeWindow(state: WindowState, { now, isBackground, reserve }: Caller): Verdict {
  const { max, used, cost = 1, inFlight, resetsAt, nextAt = now } = state;
  if (max === undefined) return inFlight.length >= UNREPORTED_AT_ONCE ? waitForAnswer(now) : { mayGo: true };
  const remaining = max - used - inFlight.length * cost;
  const reserved = isBackground ? Math.ceil(max * reserve) : 0;
  if (remaining - cost < reserved) return { mayGo: false, at: resetsAt ?? unknownEnd(now) };
  return isBackground && nextAt > now ? { mayGo: false, at: nextAt } : { mayGo: true };
}

/** Once half of a limit is used, background requests are spread over the rest of its window. */
function nextBackgroundAt({ resetsAt, used, max, cost = 1, inFlight }: WindowState, { now, reserve }: Caller) {
  if (max === undefined || resetsAt === undefined) return undefined;
  const remaining = max - used - inFlight.length * cost;
  const usable = remaining - Math.ceil(max * reserve);
  return remaining >= max / 2 || usable < cost ? undefined : now + Math.floor(((resetsAt - now) * cost) / usable);
}

/** Adds a request in flight. */
export function acquireWindow(state: WindowState, caller: Caller): WindowState {
  const nextAt = caller.isBackground ? nextBackgroundAt(state, caller) : undefined;
  return { ...state, inFlight: [...state.inFlight, caller.now], ...(nextAt && { nextAt }) };
}

/** Ends a request in flight; undefined = it is not. */
export function releaseWindow(state: WindowState, sentAt: number, ending: Ending): WindowState | undefined {
  const inFlight = withoutOne(state.inFlight, sentAt);
  if (!inFlight) return undefined;
  // Without a report it counts as used, if the window's end is known.
  const isUsed = ending === 'silent' && state.resetsAt !== undefined;
  const used = isUsed ? Math.min(state.max ?? 0, state.used + (state.cost ?? 1)) : state.used;
  return { ...state, inFlight, used };
}

/** A report of an earlier window is ignored. */
export function applyWindowReport(
  state: WindowState,
  report: Extract<ReportedLimit, { kind: 'window' }>,
): WindowState | undefined {
  const { resetsAt = Number.NEGATIVE_INFINITY } = state;
  if (report.resetsAt < resetsAt - SAME_WINDOW_MS) return undefined;
  const isSame = report.resetsAt <= resetsAt + SAME_WINDOW_MS;
  return {
    ...state,
    max: report.max,
    used: isSame ? Math.min(report.max, Math.max(state.used, report.used)) : report.used,
    resetsAt: isSame ? resetsAt : report.resetsAt,
    cost: report.cost ?? state.cost ?? 1,
  };
}

/** Returns the use of a reported window. */
export function windowUse({ used, max, resetsAt }: WindowState): LimitUse | undefined {
  if (max === undefined || resetsAt === undefined) return undefined;
  return { used, limit: max, resetsAt: dateOf(resetsAt) };
}
