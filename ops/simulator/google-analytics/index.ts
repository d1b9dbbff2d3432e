import { type AnalyticsProperty, findAnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { authenticate, revokeAfterConnect } from '#simulator/google/authenticate.js';
import { GoogleError, invalidArgument } from '#simulator/google/errors.js';
import { googleApi, type Handler } from '#simulator/google/google-api.js';
import { readBody } from '#simulator/google/read-body.js';
import { checkParameters } from '#simulator/google/read-query.js';
import { ANALYTICS_SCOPES } from '#simulator/google-oauth/scopes.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { getAccount, listAccountSummaries, listAccounts, listProperties, printProperty } from './admin-api.js';
import { checkCompatibility, metadataOf } from './metadata.js';
import { type Budget, chargeTokens, checkTokens, withConcurrencySlot } from './quota.js';
import { batchRequest, compatibilityRequest, OTHER_KEYS, realtimeRequest, reportRequest } from './report-request.js';
import { runRealtimeReport } from './run-realtime-report.js';
import { prepareReport } from './run-report.js';

const ADMIN = 'analyticsadmin.googleapis.com';
const DATA = 'analyticsdata.googleapis.com';
const MAX_REPORTS = 5;

type Call = Parameters<Handler>[0];

/** Google Analytics 4: https://developers.google.com/analytics/devguides/reporting/data/v1/rest */
export const googleAnalytics = googleApi({
  id: 'google-analytics',
  hosts: [ADMIN, DATA],
  maxBatch: 100,
  routes: [
    { method: 'GET', host: ADMIN, path: /^\/v1beta\/accountSummaries$/, answer: answerSummaries },
    { method: 'GET', host: ADMIN, path: /^\/v1beta\/accounts$/, answer: (call) => listAccounts(...authorized(call)) },
    { method: 'GET', host: ADMIN, path: /^\/v1beta\/accounts\/([^/:]+)$/, answer: answerAccount },
    {
      method: 'GET',
      host: ADMIN,
      path: /^\/v1beta\/properties$/,
      answer: (call) => listProperties(...authorized(call)),
    },
    { method: 'GET', host: ADMIN, path: /^\/v1beta\/properties\/([^/:]+)$/, answer: answerProperty },
    { method: 'POST', host: DATA, path: /^\/v1beta\/properties\/([^/:]+):runReport$/, answer: answerReport },
    { method: 'POST', host: DATA, path: /^\/v1beta\/properties\/([^/:]+):batchRunReports$/, answer: answerReports },
    { method: 'POST', host: DATA, path: /^\/v1beta\/properties\/([^/:]+):runRealtimeReport$/, answer: answerRealtime },
    { method: 'GET', host: DATA, path: /^\/v1beta\/properties\/([^/:]+)\/metadata$/, answer: answerMetadata },
    {
      method: 'POST',
      host: DATA,
      path: /^\/v1beta\/properties\/([^/:]+):checkCompatibility$/,
      answer: answerCompatibility,
    },
  ],
});

function authorized({ request, world }: Call): [WireRequest, Grant] {
  return [request, authenticate(request, world, ANALYTICS_SCOPES)];
}

function answerSummaries(call: Call) {
  return listAccountSummaries(...authorized(call), call.world);
}

function answerAccount(call: Call) {
  const [request, grant] = authorized(call);
  return getAccount(call.ids[0] ?? '', grant, request);
}

function answerProperty(call: Call) {
  checkParameters(call.request);
  return printProperty(open(call).property);
}

function answerMetadata(call: Call) {
  checkParameters(call.request);
  // Property 0 stands for what all have in common.
  if (call.ids[0] === '0') {
    authenticate(call.request, call.world, ANALYTICS_SCOPES);
    return metadataOf('0');
  }
  return metadataOf(open(call).property.id);
}

function answerCompatibility(call: Call) {
  checkParameters(call.request);
  open(call);
  return checkCompatibility(readBody(call.request, compatibilityRequest, OTHER_KEYS));
}

async function answerReport(call: Call) {
  const opened = openReports(call, 'core');
  const body = readBody(call.request, reportRequest, OTHER_KEYS);
  const [report] = await runAll([body], opened);
  return report;
}

async function answerReports(call: Call) {
  const opened = openReports(call, 'core');
  const { requests } = readBody(call.request, batchRequest, OTHER_KEYS);
  if (requests.length === 0) throw invalidArgument('Batch requests must have at least one report.');
  if (requests.length > MAX_REPORTS) {
    throw invalidArgument(`Batch requests are limited to ${MAX_REPORTS} reports, but this one has ${requests.length}.`);
  }
  return { reports: await runAll(requests, opened), kind: 'analyticsData#batchRunReports' };
}

// One invalid report fails the batch before anything runs or costs tokens.
function runAll(requests: Parameters<typeof prepareReport>[0][], opened: Opened): Promise<unknown[]> {
  const prepared = requests.map((request) => prepareReport(request, opened.property, opened.world.clock.now()));
  return withConcurrencySlot(opened, () =>
    prepared.map((run, n) => {
      checkTokens(opened);
      const { body, tokens } = run();
      const propertyQuota = chargeTokens(opened, tokens);
      const metadata = { ...Object(body.metadata), ...qualityOf(opened.world) };
      return { ...body, metadata, ...(requests[n]?.returnPropertyQuota && { propertyQuota }) };
    }),
  );
}

const EVENTS_SAMPLED_FROM = 1_000_000;

/** What is false or empty is omitted. */
function qualityOf({ settings }: World): Record<string, unknown> {
  const { analyticsSampledPercent: percent, analyticsThresholding, analyticsOtherRow } = settings;
  const samplesReadCount = String((EVENTS_SAMPLED_FROM * percent) / 100);
  return {
    ...(percent < 100 && {
      samplingMetadatas: [{ samplesReadCount, samplingSpaceSize: String(EVENTS_SAMPLED_FROM) }],
    }),
    ...(analyticsThresholding && { subjectToThresholding: true }),
    ...(analyticsOtherRow && { dataLossFromOtherRow: true }),
  };
}

async function answerRealtime(call: Call) {
  const opened = openReports(call, 'realtime');
  const body = readBody(call.request, realtimeRequest, OTHER_KEYS);
  return withConcurrencySlot(opened, () => {
    checkTokens(opened);
    const report = runRealtimeReport(body, opened.property, call.world.clock.now());
    const propertyQuota = chargeTokens(opened, 1);
    return { ...report, ...(body.returnPropertyQuota && { propertyQuota }) };
  });
}

interface Opened {
  property: AnalyticsProperty;
  world: World;
  budget: Budget;
  clientId: string;
}

function openReports(call: Call, budget: Budget): Opened {
  checkParameters(call.request);
  const { property, grant } = open(call);
  revokeAfterConnect(grant, call.request, call.world);
  return { property, world: call.world, budget, clientId: grant.clientId };
}

function open({ request, world, ids }: Call): { property: AnalyticsProperty; grant: Grant } {
  const grant = authenticate(request, world, ANALYTICS_SCOPES);
  return { grant, property: getProperty(ids[0] ?? '', grant, request) };
}

function getProperty(id: string, grant: Grant, request: WireRequest): AnalyticsProperty {
  if (!/^\d+$/.test(id)) {
    throw invalidArgument(
      `Invalid property ID: ${id}. A numeric Property ID is required. To learn more about Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.`,
    );
  }
  request.accounts.add(id);
  const property = findAnalyticsProperty(id);
  // The same error for a property without access and one that does not exist.
  if (!property?.people.includes(grant.person)) {
    throw new GoogleError(403, {
      message:
        'User does not have sufficient permissions for this property. To learn more about Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.',
    });
  }
  return property;
}
