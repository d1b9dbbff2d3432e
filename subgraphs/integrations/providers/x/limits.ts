import type { LimitRules } from '#integrations/quota/limits.js';
import { numberIn, reportedWindow } from '#integrations/quota/reported.js';

/** Returns the operation X counts a request as, where limits are reported. */
function operationOf(url: string): string | undefined {
  const path = /\/2(\/[^?]*)/.exec(url)?.[1] ?? '';
  if (path === '/tweets' || path === '/users/me') return path;
  return /^\/users\/\d+\/tweets$/.test(path) ? '/users/:id/tweets' : undefined;
}

/**
 * X reports remaining requests of the user, or of the app where fewer, per 15 minutes.
 * https://docs.x.com/x-api/fundamentals/rate-limits
 */
export const limits: LimitRules = {
  chargesOf({ url }) {
    const operation = operationOf(url);
    return operation ? [{ of: 'person', limit: operation, kind: 'window' }] : [];
  },

  reportedBy({ headers }, { url }, now) {
    const operation = operationOf(url);
    if (!operation) return [];
    const resetsAt = numberIn(headers['x-rate-limit-reset']);
    const given = {
      max: numberIn(headers['x-rate-limit-limit']),
      remaining: numberIn(headers['x-rate-limit-remaining']),
      resetsAt: resetsAt && resetsAt * 1000,
    };
    return reportedWindow('person', operation, given, now);
  },
};
