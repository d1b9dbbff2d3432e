import type { LimitRules } from '#integrations/quota/limits.js';
import { numberIn, toldWindow } from '#integrations/quota/told.js';

/** Returns what X counts a request as; undefined = nothing it tells limits of. */
function operationOf(url: string): string | undefined {
  const path = /\/2(\/[^?]*)/.exec(url)?.[1] ?? '';
  if (path === '/tweets' || path === '/users/me') return path;
  return /^\/users\/\d+\/tweets$/.test(path) ? '/users/:id/tweets' : undefined;
}

/**
 * X tells with each answer how many requests to this operation are left to the person, or to the app where that is less,
 * until the window of 15 minutes ends. https://docs.x.com/x-api/fundamentals/rate-limits
 */
export const limits: LimitRules = {
  drawsOf({ url }) {
    const operation = operationOf(url);
    return operation ? [{ of: 'person', limit: operation, isTold: true }] : [];
  },

  toldBy({ headers }, { url }, now) {
    const operation = operationOf(url);
    if (!operation) return [];
    const resetsAt = numberIn(headers['x-rate-limit-reset']);
    const given = {
      max: numberIn(headers['x-rate-limit-limit']),
      remaining: numberIn(headers['x-rate-limit-remaining']),
      resetsAt: resetsAt && resetsAt * 1000,
    };
    return toldWindow('person', operation, given, now);
  },
};
