import type { LimitRules } from '#integrations/quota/limits.js';
import { reportedPause } from '#integrations/quota/reported.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the resource of a request: `adAccounts/adCampaigns`, `adAnalytics`. */
function resourceOf(url: string): string | undefined {
  const path = /\/rest\/([^?]*)/.exec(url)?.[1];
  return path
    ?.split('/')
    .filter((part) => /^[a-z]+$/i.test(part))
    .join('/');
}

/**
 * LinkedIn limits requests per resource, user and day without reporting it: once it refuses, it does so until midnight
 * UTC. https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
 */
export const limits: LimitRules = {
  chargesOf({ url }) {
    const resource = resourceOf(url);
    return resource ? [{ of: 'person', limit: resource, kind: 'refusal' }] : [];
  },

  reportedBy({ status }, { url }, now) {
    const resource = resourceOf(url);
    if (status !== 429 || !resource) return [];
    return reportedPause('person', resource, DAY_MS - (now.getTime() % DAY_MS), now);
  },
};
