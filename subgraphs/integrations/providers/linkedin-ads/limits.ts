import type { LimitRules } from '#integrations/quota/limits.js';
import { toldPause } from '#integrations/quota/told.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the resource a request asks: `adAccounts/adCampaigns`, `adAnalytics`. */
function resourceOf(url: string): string | undefined {
  const path = /\/rest\/([^?]*)/.exec(url)?.[1];
  return path
    ?.split('/')
    .filter((part) => /^[a-z]+$/i.test(part))
    .join('/');
}

/**
 * LinkedIn limits what an app may ask of each resource for a person in a day, and tells neither how much that is nor how
 * much is left: once it refuses, it does so until midnight UTC.
 * https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
 */
export const limits: LimitRules = {
  drawsOf({ url }) {
    const resource = resourceOf(url);
    return resource ? [{ of: 'person', limit: resource }] : [];
  },

  toldBy({ status }, { url }, now) {
    const resource = resourceOf(url);
    if (status !== 429 || !resource) return [];
    return toldPause('person', resource, DAY_MS - (now.getTime() % DAY_MS), now);
  },
};
