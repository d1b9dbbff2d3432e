const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The pauses between attempts: ten attempts in about 23 hours. */
const PAUSES_MS = [
  ...[5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS],
];
const JITTER = 0.1;
/** After this a delivery has no further attempt, however long its receiver asks to wait. */
const GIVE_UP_AFTER_MS = 28 * HOUR_MS;

export interface FailedAttempt {
  /** The failed one included. */
  attempts: number;
  queuedAt: Date;
  now: Date;
  /** Seconds, as the receiver asks for. */
  retryAfter?: number;
}

/**
 * Returns when a failed delivery is tried again: not before `retryAfter`, else with a jitter of a tenth; null when it is given
 * up.
 */
export function nextAttempt(
  { attempts, queuedAt, now, retryAfter = 0 }: FailedAttempt,
  random = Math.random(),
): Date | null {
  const pauseMs = PAUSES_MS[attempts - 1];
  if (pauseMs === undefined) return null;
  const jittered = Math.round(pauseMs * (1 + JITTER * (2 * random - 1)));
  const at = new Date(now.getTime() + Math.max(jittered, retryAfter * SECOND_MS));
  return at.getTime() - queuedAt.getTime() > GIVE_UP_AFTER_MS ? null : at;
}
