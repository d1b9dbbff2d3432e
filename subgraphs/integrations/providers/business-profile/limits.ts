import { countedPerMinute } from '#integrations/providers/google/limits.js';

/** Per API and app. https://developers.google.com/my-business/content/limits */
const REQUESTS_PER_MINUTE = 300;

/** By path: the hosts are settings. */
function apiOf(url: string): string | undefined {
  const path = /\/v1\/(.*)/.exec(url)?.[1];
  if (path === undefined) return undefined;
  if (path.startsWith('locations/')) return 'performance';
  return path.startsWith('accounts/') ? 'business information' : 'account management';
}

export const limits = countedPerMinute(REQUESTS_PER_MINUTE, (url) => {
  const api = apiOf(url);
  return api === undefined ? undefined : { limit: `${api}: requests per minute`, owners: ['app'] };
});
