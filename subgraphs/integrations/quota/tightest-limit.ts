import { countedUntil, type LimitState, refresh } from './limit-state.js';

/** How much of a limit is used. What its provider does not tell is null; a limit told in percent is 100. */
export interface LimitUse {
  used: number | null;
  limit: number | null;
  resetsAt: Date | null;
}

/** What a share was told as is of no use after that: it recovers bit by bit, and nobody says how far. */
const SHARE_SHOWN_MS = 60 * 60 * 1000;

const dateOf = (ms: number | undefined) => (ms === undefined ? null : new Date(ms));

function useOf(state: LimitState, now: number): LimitUse | undefined {
  const { max, counted, isShare, knownAt } = state;
  const { used, slices, resetsAt, pausedUntil } = refresh(state, now, counted?.windowMs);
  if (pausedUntil !== undefined) {
    const all = max ?? counted?.max ?? null;
    return { used: all, limit: all, resetsAt: dateOf(pausedUntil) };
  }
  if (counted && slices) {
    const sum = slices.reduce((total, [, count]) => total + count, 0);
    return { used: sum, limit: counted.max, resetsAt: dateOf(countedUntil(slices, counted.windowMs)) };
  }
  if (max === undefined) return undefined;
  if (isShare) {
    const end = resetsAt !== undefined && resetsAt > now ? resetsAt : undefined;
    return now - knownAt < SHARE_SHOWN_MS ? { used: Math.ceil(used), limit: max, resetsAt: dateOf(end) } : undefined;
  }
  return resetsAt === undefined ? undefined : { used, limit: max, resetsAt: dateOf(resetsAt) };
}

/** What nobody gave a number that is refused is all of it. */
const shareOf = ({ used, limit }: LimitUse) => (limit === null ? 1 : (used ?? 0) / limit);

/** Returns the use of the limit that is closest to its end; null when none is known to hold now. */
export function tightestOf(states: LimitState[], now: number): LimitUse | null {
  const uses = states.flatMap((state) => useOf(state, now) ?? []);
  return uses.reduce<LimitUse | null>((one, other) => (one && shareOf(one) >= shareOf(other) ? one : other), null);
}
