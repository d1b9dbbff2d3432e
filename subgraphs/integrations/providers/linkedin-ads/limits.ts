import type { LimitRules } from '#integrations/quota/limits.js';
import { reportedPause } from '#integrations/quota/reported.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Such as `adAccounts/adCampaigns` or `adAnalytics`. */
function resourceOf(url: string): string | undefined {
  const path = /\/rest\/([^?]*)/.exec(url)?.[1];
  return path
    ?.split('/')
    .filter((part) => /^[a-z]+$/i.test(part))
    .join('/');
}

/**
 * Per resource, user and day, unreported: once LinkedIn refuses, it does so until midnight UTC.
 * https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
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
