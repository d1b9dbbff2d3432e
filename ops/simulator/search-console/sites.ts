import type { SearchSite } from '#simulator/data/search-sites.js';
import { findSearchSite, searchSites } from '#simulator/data/search-sites.js';
import { GoogleError } from '#simulator/google/errors.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';

/** Returns the person's sites, even unverified. */
export function listSites({ person }: Grant) {
  const sites = searchSites.filter(({ permissions }) => permissions[person] !== undefined);
  return sites.length === 0 ? {} : { siteEntry: sites.map((site) => printSite(site, person)) };
}

/** Returns one of the person's sites; throws when there is none. */
export function getSite(url: string, { person }: Grant, request: WireRequest) {
  request.accounts.add(url);
  const site = findSearchSite(url);
  if (site?.permissions[person] === undefined) {
    throw new GoogleError(404, { message: `'${url}' is not a verified Search Console site in this account.` });
  }
  return printSite(site, person);
}

/** Returns a site whose data is readable; throws unless verified. */
export function openSite(url: string, { person }: Grant, request: WireRequest): SearchSite {
  request.accounts.add(url);
  const site = findSearchSite(url);
  const level = site?.permissions[person];
  if (!site || level === undefined || level === 'siteUnverifiedUser') {
    throw new GoogleError(403, {
      message: `User does not have sufficient permission for site '${url}'. See also: https://support.google.com/webmasters/answer/2451999.`,
      reason: 'forbidden',
    });
  }
  return site;
}

/** Returns the sitemaps of a site. */
export function listSitemaps(site: SearchSite) {
  if (site.queries.length === 0) return {};
  const root = site.pages[0]?.url ?? site.url;
  return {
    sitemap: [
      {
        path: `${root}sitemap.xml`,
        lastSubmitted: '2026-03-02T08:11:20.113Z',
        isPending: false,
        isSitemapsIndex: false,
        type: 'sitemap',
        lastDownloaded: '2026-03-04T02:40:09.771Z',
        warnings: '0',
        errors: '0',
        contents: [{ type: 'web', submitted: String(site.pages.length), indexed: '0' }],
      },
    ],
  };
}

function printSite({ url, permissions }: SearchSite, person: string) {
  return { siteUrl: url, permissionLevel: permissions[person] };
}
