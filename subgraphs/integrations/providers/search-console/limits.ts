import { countedPerMinute } from '#integrations/providers/google/limits.js';

/** Per site, and per user. https://developers.google.com/webmaster-tools/limits */
const QUERIES_PER_MINUTE = 1_200;

const siteIn = (url: string) => /\/sites\/([^/?]+)\/searchAnalytics\/query/.exec(url)?.[1];

export const limits = countedPerMinute(QUERIES_PER_MINUTE, (url) => {
  const site = siteIn(url);
  if (site === undefined) return undefined;
  return { limit: 'queries per minute', owners: [{ account: decodeURIComponent(site) }, 'person'] };
});
