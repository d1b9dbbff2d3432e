import type { Allowance } from '#simulator/usage.js';
import type { WireAnswer } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import type { Caller } from './call.js';
import type { Operation } from './operations.js';

/** Calls per 15 minutes, per app and per user: https://docs.x.com/x-api/fundamentals/rate-limits */
const LIMITS: Record<Operation, { app: number | null; user: number }> = {
  me: { app: null, user: 75 },
  users: { app: 300, user: 900 },
  'users-by': { app: 300, user: 900 },
  user: { app: 300, user: 900 },
  'user-by-name': { app: 300, user: 900 },
  posts: { app: 3_500, user: 5_000 },
  post: { app: 450, user: 900 },
  timeline: { app: 10_000, user: 900 },
  mentions: { app: 450, user: 300 },
  analytics: { app: 300, user: 300 },
  'recent-search': { app: 450, user: 300 },
};

export const WINDOW_SECONDS = 900;

/** Counts a call for user and app; returns the allowance closer to its limit. */
export function countCall(operation: Operation, { grant, user }: Caller, world: World): Allowance {
  const limits = LIMITS[operation];
  const { xUserCalls, xAppCalls } = world.settings;
  const ofUser = world.xWindows.take(`${operation} user ${grant.clientId} ${user.id}`, lower(limits.user, xUserCalls));
  if (limits.app === null || ofUser.isExceeded) return ofUser;
  const ofApp = world.xWindows.take(`${operation} app ${grant.clientId}`, lower(limits.app, xAppCalls));
  return ofApp.remaining < ofUser.remaining || ofApp.isExceeded ? ofApp : ofUser;
}

/** Returns every answer's rate limit headers. */
export function limitHeaders({ limit, remaining, resetsAt }: Omit<Allowance, 'isExceeded'>): WireAnswer['headers'] {
  return {
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(resetsAt),
  };
}

/** Returns the allowance for unauthenticated calls and injected faults. */
export function unusedAllowance(world: World, remaining = 900): Allowance {
  const resetsAt = Math.floor(world.clock.nowMs() / 1000) + WINDOW_SECONDS;
  return { limit: 900, remaining, resetsAt, isExceeded: remaining === 0 };
}

function lower(limit: number, setting: number | null): number {
  return Math.min(limit, setting ?? limit);
}
