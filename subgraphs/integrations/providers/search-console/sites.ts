import { z } from 'zod';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';

/** Search Console's own time zone. */
export const TIME_ZONE = 'America/Los_Angeles';

const sites = z.object({
  siteEntry: z.array(z.object({ siteUrl: z.string().min(1), permissionLevel: z.string() })).default([]),
});

/** `sc-domain:example.com` is the domain property of example.com. */
const shownName = (siteUrl: string) => siteUrl.replace(/^sc-domain:/, '');

/** Documented in both spellings: `siteUnverifiedUser` and SITE_UNVERIFIED_USER. */
const isVerified = (level: string) => level.replaceAll('_', '').toLowerCase() !== 'siteunverifieduser';

/** Returns the sites of a user. https://developers.google.com/webmaster-tools/v1/sites/list */
export async function listSites(api: GoogleApi, accessToken: string): Promise<ProviderAccount[]> {
  const { siteEntry } = await api.get(accessToken, '/webmasters/v3/sites', new URLSearchParams(), sites);
  return siteEntry.map(({ siteUrl, permissionLevel }) => ({
    externalId: siteUrl,
    name: shownName(siteUrl),
    currency: null,
    timeZone: TIME_ZONE,
    ...(isVerified(permissionLevel) ? { isActive: true } : { isActive: false, inactiveFault: 'NOT_VERIFIED' as const }),
    access: {},
  }));
}
