import { notFoundPage } from '#simulator/google/errors.js';
import { findParameterProblem } from '#simulator/google/read-query.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { Grant } from '#simulator/oauth/grants.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import { getPerson } from '#simulator/oauth/people.js';
import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { authenticate, notAdsUser, revoked } from './authenticate.js';
import { badBody, failure, faultError, GoogleAdsError } from './errors.js';
import { getCustomer, listDirectCustomers } from './find-customer.js';
import { readQuery, readsCampaigns } from './run-query.js';
import { searchPage, searchStream } from './search.js';
import { readSearchRequest, readStreamRequest } from './search-request.js';

const LIVE_VERSIONS = ['v24', 'v25', 'v26'];
const SUNSET_VERSIONS = ['v20', 'v21', 'v22'];
const SEARCH_PATH = /^customers\/([^/]+)\/googleAds:(search|searchStream)$/;

interface Call {
  request: WireRequest;
  world: World;
  version: string;
  requestId: string;
}

/** The Google Ads API over REST: https://developers.google.com/google-ads/api/rest/overview */
export const googleAds: SimulatedProvider = {
  id: 'google-ads',
  hosts: ['googleads.googleapis.com'],
  answer(request, world) {
    const requestId = opaqueText('', 22);
    return withRequestId(
      requestId,
      withErrors(request, () => route(request, world, requestId)),
    );
  },
  errorFor: (status, request) =>
    withRequestId(
      opaqueText('', 22),
      withErrors(request, () => {
        throw faultError(versionOf(request), status);
      }),
    ),
};

function withRequestId(requestId: string, answer: WireAnswer): WireAnswer {
  return { ...answer, headers: { ...answer.headers, 'request-id': requestId } };
}

// A stream's errors come in an array, as its chunks do.
function withErrors(request: WireRequest, work: () => WireAnswer): WireAnswer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GoogleAdsError)) throw error;
    const isStream = request.path.endsWith(':searchStream');
    return isStream ? { ...error.answer, body: [error.answer.body] } : error.answer;
  }
}

function versionOf(request: WireRequest): string {
  return request.path.split('/')[1] ?? '';
}

function route(request: WireRequest, world: World, requestId: string): WireAnswer {
  const version = versionOf(request);
  if (SUNSET_VERSIONS.includes(version)) {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'UNSUPPORTED_VERSION',
      message: `Version ${version} is deprecated. Requests to this version will be blocked.`,
    });
  }
  if (!LIVE_VERSIONS.includes(version)) return notFoundPage(request.path);
  const path = decodeURIComponent(request.path.slice(version.length + 2));
  const call: Call = { request, world, version, requestId };
  if (request.method === 'GET' && path === 'customers:listAccessibleCustomers') return listAccessible(call);
  const search = request.method === 'POST' ? SEARCH_PATH.exec(path) : null;
  if (!search?.[1]) throw new NotSimulated(`${request.method} ${request.path} of Google Ads`);
  return runSearch(call, search[1], search[2] === 'searchStream');
}

function listAccessible(call: Call): WireAnswer {
  const grant = authorize(call);
  const customers = listDirectCustomers(grant);
  if (customers.length === 0) return { status: 200, body: {} };
  return { status: 200, body: { resourceNames: customers.map(({ id }) => `customers/${id}`) } };
}

function runSearch(call: Call, customerId: string, isStream: boolean): WireAnswer {
  const { request, world, version, requestId } = call;
  const grant = authorize(call);
  request.accounts.add(customerId);
  const customer = getCustomer(customerId, request, grant, version);
  const body = isStream ? readStreamRequest(request, version) : readSearchRequest(request, version);
  if (readsCampaigns(readQuery(body.query, version))) revokeAfterConnect(grant, call);
  // Only the first page counts as an operation.
  if (!('pageToken' in body) || body.pageToken === '') chargeOperation(grant, call);
  if ('pageToken' in body) return { status: 200, body: searchPage(body, customer, world, version) };
  return { status: 200, body: searchStream(body, customer, world, version, requestId) };
}

function authorize(call: Call): Grant {
  const { request, world, version } = call;
  const grant = authenticate(request, world, version);
  const problem = findParameterProblem(request);
  if (problem !== undefined) throw badBody(problem);
  if (world.settings.requireDeveloperToken && !request.headers['developer-token']) {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'DEVELOPER_TOKEN_PARAMETER_MISSING',
      message: "The request is missing the 'developer-token' header.",
    });
  }
  if (listDirectCustomers(grant).length === 0 && world.settings.googleAdsStranger === 'not-ads-user') {
    throw notAdsUser(version);
  }
  return grant;
}

function revokeAfterConnect(grant: Grant, { world, version }: Call): void {
  if (!getPerson(grant.person).revokesAfterConnect) return;
  world.grants.revoke(grant);
  throw revoked(version);
}

function chargeOperation(grant: Grant, { world, version }: Call): void {
  const limit = world.settings.googleAdsOperationsPerDay;
  const key = `google-ads ${grant.clientId}`;
  if (limit !== null && world.dailyUsage.count(key) >= limit) {
    throw failure(version, 429, {
      group: 'quotaError',
      code: 'RESOURCE_EXHAUSTED',
      message: 'Too many requests. Retry in 3600 seconds.',
      details: {
        quotaErrorDetails: {
          rateScope: 'DEVELOPER',
          rateName: 'Number of operations for basic access',
          retryDelay: '3600s',
        },
      },
    });
  }
  world.dailyUsage.add(key);
}
