import { isDatabaseAway } from '#runtime/database/database-away.js';
import { RequestFailed } from '#runtime/http/http-client.js';

/** Of answers that say: later. Those of AppErrors, and of the gateway's answers to jobs. */
const UNAVAILABLE_CODES: ReadonlySet<unknown> = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'RATE_LIMITED',
]);
/** The errors of the driver of MongoDB for a server that cannot be reached, or is no longer the primary. */
const MONGODB_AWAY = /^Mongo(Network|ServerSelection|PoolCleared|NotConnected|PoolClosed|TopologyClosed)\w*Error$/;

/** A job waits no longer for what is unavailable. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1_000;
const MAX_PAUSE_MS = 5 * 60 * 1_000;
/** Doublings after which any pause is the longest. */
const MAX_DOUBLINGS = 20;

/** Whether a code of an answer says that the same may be answered later. */
export const isUnavailableCode = (code: unknown): boolean => UNAVAILABLE_CODES.has(code);

/**
 * Whether an error, or a cause of it, says that something this job needs cannot be reached: a connection that is refused, lost or times
 * out, a subgraph, PostgreSQL, the queue, or a provider's outage or quota. Such a run says nothing about the job.
 */
export function isUnavailable(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let at = error; typeof at === 'object' && at !== null && !seen.has(at); at = (at as Error).cause) {
    seen.add(at);
    const { name, code } = at as { name?: string; code?: unknown };
    if (at instanceof RequestFailed && at.reason !== 'too-large') return true;
    if (isUnavailableCode(code) || MONGODB_AWAY.test(name ?? '') || isDatabaseAway(at)) return true;
  }
  return false;
}

/** How often, and since when (ISO 8601), a job has waited for what is unavailable. */
export interface Postponement {
  since: string;
  count: number;
}

/**
 * Returns the next postponement and the pause before it: `firstPauseMs`, doubled with each up to five minutes, with full jitter on its
 * second half, so that jobs that stopped together do not return together. Null after 24 hours.
 */
export function postpone(
  last: Postponement | undefined,
  { now, firstPauseMs }: { now: Date; firstPauseMs: number },
): { postponement: Postponement; pauseMs: number } | null {
  const { since, count } = last ?? { since: now.toISOString(), count: 0 };
  if (now.getTime() - Date.parse(since) >= MAX_WAIT_MS) return null;
  const longestMs = Math.min(MAX_PAUSE_MS, firstPauseMs * 2 ** Math.min(count, MAX_DOUBLINGS));
  return { postponement: { since, count: count + 1 }, pauseMs: longestMs * (0.5 + Math.random() / 2) };
}
