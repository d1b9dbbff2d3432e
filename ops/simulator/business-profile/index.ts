import type { BusinessLocation } from '#simulator/data/business-locations.js';
import { authenticate, revokeAfterConnect } from '#simulator/google/authenticate.js';
import { errorInfo, GoogleError } from '#simulator/google/errors.js';
import { googleApi, type Handler } from '#simulator/google/google-api.js';
import { checkParameters } from '#simulator/google/read-query.js';
import { BUSINESS_PROFILE_SCOPES } from '#simulator/google-oauth/scopes.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import { getAccount, listAccounts } from './accounts.js';
import { getLocation, listLocations, openLocation } from './locations.js';
import { DAILY_RANGE, listKeywords, MONTHLY_RANGE, multiSeries, singleSeries } from './performance.js';

const ACCOUNTS = 'mybusinessaccountmanagement.googleapis.com';
const INFORMATION = 'mybusinessbusinessinformation.googleapis.com';
const PERFORMANCE = 'businessprofileperformance.googleapis.com';
const PAGING = ['pageSize', 'pageToken'];

type Call = Parameters<Handler>[0];
type Read = (location: BusinessLocation, request: WireRequest, now: Date) => unknown;

/** Google Business Profile: https://developers.google.com/my-business/reference/rest */
export const businessProfile = googleApi({
  id: 'business-profile',
  hosts: [ACCOUNTS, INFORMATION, PERFORMANCE],
  maxBatch: 100,
  routes: [
    { method: 'GET', host: ACCOUNTS, path: /^\/v1\/accounts$/, answer: answerAccounts },
    { method: 'GET', host: ACCOUNTS, path: /^\/v1\/accounts\/([^/:]+)$/, answer: answerAccount },
    { method: 'GET', host: INFORMATION, path: /^\/v1\/accounts\/([^/:]+)\/locations$/, answer: answerLocations },
    { method: 'GET', host: INFORMATION, path: /^\/v1\/locations\/([^/:]+)$/, answer: answerLocation },
    {
      method: 'GET',
      host: PERFORMANCE,
      path: /^\/v1\/locations\/([^/:]+):fetchMultiDailyMetricsTimeSeries$/,
      answer: (call) => figuresOf(call, ['dailyMetrics', ...DAILY_RANGE], multiSeries),
    },
    {
      method: 'GET',
      host: PERFORMANCE,
      path: /^\/v1\/locations\/([^/:]+):getDailyMetricsTimeSeries$/,
      answer: (call) => figuresOf(call, ['dailyMetric', ...DAILY_RANGE], singleSeries),
    },
    {
      method: 'GET',
      host: PERFORMANCE,
      path: /^\/v1\/locations\/([^/:]+)\/searchkeywords\/impressions\/monthly$/,
      answer: (call) => figuresOf(call, [...PAGING, ...MONTHLY_RANGE], listKeywords),
    },
  ],
});

function answerAccounts(call: Call) {
  return listAccounts(call.request, authorize(call, [...PAGING, 'filter', 'parentAccount']), call.world);
}

function answerAccount(call: Call) {
  return getAccount(call.ids[0] ?? '', authorize(call, []));
}

function answerLocations(call: Call) {
  const grant = authorize(call, [...PAGING, 'filter', 'orderBy', 'readMask']);
  return listLocations(call.ids[0] ?? '', call.request, grant, call.world);
}

function answerLocation(call: Call) {
  return getLocation(call.ids[0] ?? '', call.request, authorize(call, ['readMask']));
}

function figuresOf(call: Call, parameters: string[], read: Read) {
  const { request, world } = call;
  const grant = authorize(call, parameters);
  const location = openLocation(call.ids[0] ?? '', grant, request);
  revokeAfterConnect(grant, request, world);
  return read(location, request, world.clock.now());
}

function authorize(call: Call, parameters: string[]): Grant {
  const grant = authenticate(call.request, call.world, BUSINESS_PROFILE_SCOPES);
  countCall(call, grant);
  checkParameters(call.request, parameters);
  return grant;
}

// Each of the three APIs has its own quota; a quota of 0 means that Google has not approved the app.
function countCall({ request, world }: Call, { clientId }: Grant): void {
  const key = `business-profile ${request.host} ${clientId}`;
  if (world.minuteUsage.count(key) >= world.settings.businessProfileCallsPerMinute) {
    const limit = String(world.settings.businessProfileCallsPerMinute);
    throw new GoogleError(429, {
      message: `Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '${request.host}' for consumer 'project_number:582011223344'.`,
      details: [
        errorInfo('RATE_LIMIT_EXCEEDED', request.host, {
          quota_limit: 'DefaultRequestsPerMinutePerProject',
          quota_limit_value: limit,
        }),
      ],
    });
  }
  world.minuteUsage.add(key);
}
