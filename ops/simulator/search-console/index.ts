import { authenticate, revokeAfterConnect } from '#simulator/google/authenticate.js';
import { GoogleError } from '#simulator/google/errors.js';
import { googleApi, type Handler, type Route } from '#simulator/google/google-api.js';
import { readBody } from '#simulator/google/read-body.js';
import { checkParameters } from '#simulator/google/read-query.js';
import { SEARCH_CONSOLE_SCOPES } from '#simulator/google-oauth/scopes.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { World } from '#simulator/world.js';
import { inspectRequest, inspectUrl } from './inspect-url.js';
import { queryRequest, readQuery } from './query-request.js';
import { runQuery } from './run-query.js';
import { getSite, listSitemaps, listSites, openSite } from './sites.js';

const HOST = 'searchconsole.googleapis.com';
const OLD_HOST = 'www.googleapis.com';

type Call = Parameters<Handler>[0];

const ON_BOTH_HOSTS: Omit<Route, 'host'>[] = [
  { method: 'GET', path: /^\/webmasters\/v3\/sites$/, answer: answerSites },
  { method: 'GET', path: /^\/webmasters\/v3\/sites\/([^/]+)$/, answer: answerSite },
  { method: 'POST', path: /^\/webmasters\/v3\/sites\/([^/]+)\/searchAnalytics\/query$/, answer: answerQuery },
  { method: 'GET', path: /^\/webmasters\/v3\/sites\/([^/]+)\/sitemaps$/, answer: answerSitemaps },
];

/** Search Console: https://developers.google.com/webmaster-tools/v1/api_reference_index */
export const searchConsole = googleApi({
  id: 'search-console',
  hosts: [HOST, OLD_HOST],
  claims: ({ host, path }) => host === HOST || /^\/(webmasters|batch\/webmasters)\//.test(path),
  maxBatch: 1_000,
  // URL inspection uses the newer format.
  envelopeOf: ({ path }) => (path.startsWith('/v1/') ? 'status' : 'errors'),
  routes: [
    ...[HOST, OLD_HOST].flatMap((host) => ON_BOTH_HOSTS.map((route) => ({ ...route, host }))),
    { method: 'POST', host: HOST, path: /^\/v1\/urlInspection\/index:inspect$/, answer: answerInspection },
  ],
});

function answerSites(call: Call) {
  return listSites(authorize(call));
}

function answerSite(call: Call) {
  return getSite(call.ids[0] ?? '', authorize(call), call.request);
}

function answerSitemaps(call: Call) {
  return listSitemaps(openSite(call.ids[0] ?? '', authorize(call, ['sitemapIndex']), call.request));
}

function answerInspection(call: Call) {
  const grant = authorize(call);
  const { inspectionUrl, siteUrl } = readBody(call.request, inspectRequest);
  return inspectUrl(inspectionUrl, openSite(siteUrl, grant, call.request));
}

function answerQuery(call: Call) {
  const { request, world } = call;
  const grant = authorize(call);
  const site = openSite(call.ids[0] ?? '', grant, request);
  const query = readQuery(readBody(request, queryRequest));
  revokeAfterConnect(grant, request, world);
  countQuery(world, [`site ${site.url}`, `user ${grant.clientId} ${grant.person}`]);
  return runQuery(query, site, world.clock.now());
}

function authorize({ request, world }: Call, parameters: string[] = []): Grant {
  const grant = authenticate(request, world, SEARCH_CONSOLE_SCOPES);
  checkParameters(request, parameters);
  return grant;
}

// Google counts per site and per user.
function countQuery({ minuteUsage, settings }: World, owners: string[]): void {
  const keys = owners.map((owner) => `search-console ${owner}`);
  if (keys.some((key) => minuteUsage.count(key) >= settings.searchConsoleQueriesPerMinute)) {
    const isOld = settings.searchConsoleQuotaStatus === 403;
    throw new GoogleError(settings.searchConsoleQuotaStatus, {
      message: isOld ? 'Quota Exceeded' : 'Search Analytics QPS quota exceeded. Learn about usage limits.',
      domain: 'usageLimits',
      reason: isOld ? 'quotaExceeded' : 'rateLimitExceeded',
    });
  }
  for (const key of keys) minuteUsage.add(key);
}
