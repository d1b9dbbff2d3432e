/** What is known of an account that fails; of one that does not there is nothing to know. Times are milliseconds since 1970. */
export interface Trouble {
  /** Failures in a row. */
  failures: number;
  /** When it last failed. */
  failedAt: number;
  /** It is left alone until then; absent = it is asked as ever. */
  openUntil?: number;
  /** How often in a row it was left alone. */
  pauses: number;
  /** Somebody is finding out whether it answers again, and has until then. */
  probedUntil?: number;
}

/** `ask`: as ever. `probe`: once, to find out. `wait`: not before `at`. */
export type Leave = { kind: 'ask' } | { kind: 'probe' } | { kind: 'wait'; at: number };

/** What came of asking: it failed in a way that passes, it answered, or nothing can be said. */
export type Outcome = 'failed' | 'answered' | 'unknown';

const SECOND_MS = 1_000;
const FIRST_PAUSE_MS = 30 * SECOND_MS;
const LONGEST_PAUSE_MS = 15 * 60 * SECOND_MS;
/** Longer than any one request takes: whoever has not said by then what came of it is gone. */
const PROBE_LASTS_MS = 60 * SECOND_MS;
/** Two machines' clocks differ by less; what happened later than this was before our clock was put back. */
const CLOCKS_DIFFER_MS = 60 * SECOND_MS;

/** Says whether an account may be asked now. */
export function leaveOf(trouble: Trouble | undefined, now: number): Leave {
  if (!trouble || trouble.openUntil === undefined) return { kind: 'ask' };
  if (trouble.failedAt > now + CLOCKS_DIFFER_MS) return { kind: 'probe' };
  if (trouble.openUntil > now) return { kind: 'wait', at: trouble.openUntil };
  const isProbed = trouble.probedUntil !== undefined && trouble.probedUntil > now;
  return isProbed ? { kind: 'wait', at: trouble.probedUntil ?? now } : { kind: 'probe' };
}

/** Returns the trouble of an account that somebody begins to probe. */
export function probing(trouble: Trouble, now: number): Trouble {
  return { ...trouble, failedAt: Math.min(trouble.failedAt, now), openUntil: now, probedUntil: now + PROBE_LASTS_MS };
}

/** Returns the trouble of an account after it was asked; undefined = there is none (any more). */
export function afterAsking(
  trouble: Trouble | undefined,
  outcome: Outcome,
  { now, failuresToOpen, wasProbe }: { now: number; failuresToOpen: number; wasProbe: boolean },
): Trouble | undefined {
  if (outcome === 'answered') return undefined;
  if (outcome === 'unknown') {
    if (!trouble || !wasProbe) return trouble;
    const { probedUntil: _, ...open } = trouble;
    return open;
  }
  const { failures, pauses, openUntil } = trouble ?? { failures: 0, pauses: 0, openUntil: undefined };
  const failed = { failures: failures + 1, failedAt: now, pauses };
  // What left before it was left alone says nothing new.
  if (openUntil !== undefined && !wasProbe) return trouble;
  if (!wasProbe && failed.failures < failuresToOpen) return failed;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(pauses, 10));
  return { ...failed, openUntil: now + pauseMs, pauses: pauses + 1 };
}
