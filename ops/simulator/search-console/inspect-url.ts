import { z } from 'zod';
import type { SearchSite } from '#simulator/data/search-sites.js';
import { invalidArgument } from '#simulator/google/errors.js';

/** Body of urlInspection/index:inspect. */
export const inspectRequest = z.strictObject({
  inspectionUrl: z.string().default(''),
  siteUrl: z.string().default(''),
  languageCode: z.string().default('en-US'),
});

/** A domain property covers its subdomains over http and https; a prefix property what begins with it. */
function belongsTo(address: string, { url }: SearchSite): boolean {
  if (!url.startsWith('sc-domain:')) return address.startsWith(url);
  const domain = url.slice('sc-domain:'.length);
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return host === domain || host.endsWith(`.${domain}`);
}

/** Returns a URL's index status: only the site's own pages are indexed. */
export function inspectUrl(inspectionUrl: string, site: SearchSite) {
  if (!belongsTo(inspectionUrl, site)) {
    throw invalidArgument(`The address '${inspectionUrl}' does not belong to the site '${site.url}'.`);
  }
  const isKnown = site.queries.length > 0 && site.pages.some(({ url }) => url === inspectionUrl);
  const found = {
    verdict: 'PASS',
    coverageState: 'Submitted and indexed',
    robotsTxtState: 'ALLOWED',
    indexingState: 'INDEXING_ALLOWED',
    lastCrawlTime: '2026-03-04T02:41:11Z',
    pageFetchState: 'SUCCESSFUL',
    googleCanonical: inspectionUrl,
    userCanonical: inspectionUrl,
    crawledAs: 'MOBILE',
  };
  const unknown = { verdict: 'NEUTRAL', coverageState: 'URL is unknown to Google' };
  return {
    inspectionResult: {
      inspectionResultLink: `https://search.google.com/search-console/inspect?resource_id=${encodeURIComponent(site.url)}`,
      indexStatusResult: isKnown ? found : unknown,
    },
  };
}
