import {
  type AnalyticsAccount,
  type AnalyticsProperty,
  analyticsAccounts,
  analyticsProperties,
} from '#simulator/data/analytics-properties.js';
import { GoogleError, invalidArgument } from '#simulator/google/errors.js';
import { pageOf } from '#simulator/google/page.js';
import { checkParameters, readPageSize } from '#simulator/google/read-query.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

// Unlike other Google APIs, this one caps a larger size instead of refusing it.
const PAGE = { standard: 50, max: 200, coerces: true };

/** Returns one page of the person's accounts. */
export function listAccounts(request: WireRequest, { person }: Grant) {
  checkParameters(request, ['pageSize', 'pageToken', 'showDeleted']);
  const accounts = analyticsAccounts.filter(({ people }) => people.includes(person));
  const token = request.query.get('pageToken');
  const { page, nextPageToken } = pageOf(`accounts ${person}`, accounts, readPageSize(request, PAGE), token);
  return { ...(page.length > 0 && { accounts: page.map(printAccount) }), ...(nextPageToken && { nextPageToken }) };
}

/** Returns one account; throws without access. */
export function getAccount(id: string, { person }: Grant, request: WireRequest) {
  checkParameters(request);
  const account = analyticsAccounts.find((one) => one.id === id);
  if (!account?.people.includes(person)) throw new GoogleError(403);
  return printAccount(account);
}

/** Returns one page of an account's properties. */
export function listProperties(request: WireRequest, { person }: Grant) {
  checkParameters(request, ['filter', 'pageSize', 'pageToken', 'showDeleted']);
  const filter = request.query.get('filter') ?? '';
  const accountId = /^(?:parent|ancestor):accounts\/(\d+)$/.exec(filter)?.[1];
  if (accountId === undefined) throw invalidArgument(`The filter must name an account, such as parent:accounts/123.`);
  const account = analyticsAccounts.find((one) => one.id === accountId);
  if (!account?.people.includes(person)) throw new GoogleError(403);
  const properties = analyticsProperties.filter((property) => property.accountId === accountId);
  const token = request.query.get('pageToken');
  const { page, nextPageToken } = pageOf(`properties ${filter}`, properties, readPageSize(request, PAGE), token);
  return { ...(page.length > 0 && { properties: page.map(printProperty) }), ...(nextPageToken && { nextPageToken }) };
}

function printAccount({ id, name }: AnalyticsAccount) {
  return {
    name: `accounts/${id}`,
    createTime: '2024-05-14T09:20:11.402Z',
    updateTime: '2026-02-11T16:18:03.398Z',
    displayName: name,
    regionCode: 'US',
  };
}

/** Returns one page of accounts with their properties. */
export function listAccountSummaries(request: WireRequest, grant: Grant, world: World) {
  checkParameters(request, ['pageSize', 'pageToken']);
  const requestedNames = readPageSize(request, PAGE);
  const size = Math.min(requestedNames, world.settings.analyticsSummariesPerPage);
  const accounts = analyticsAccounts.filter(({ people }) => people.includes(grant.person));
  const token = request.query.get('pageToken');
  const { page, nextPageToken } = pageOf(`accountSummaries ${grant.person}`, accounts, size, token);
  return {
    ...(page.length > 0 && {
      accountSummaries: page.map(({ id, name }) => ({
        name: `accountSummaries/${id}`,
        account: `accounts/${id}`,
        displayName: name,
        propertySummaries: analyticsProperties
          .filter(({ accountId }) => accountId === id)
          .map((property) => ({
            property: `properties/${property.id}`,
            displayName: property.name,
            propertyType: 'PROPERTY_TYPE_ORDINARY',
            parent: `accounts/${id}`,
            canEdit: true,
          })),
      })),
    }),
    ...(nextPageToken && { nextPageToken }),
  };
}

/** Returns a property as the Admin API does. */
export function printProperty(property: AnalyticsProperty) {
  return {
    name: `properties/${property.id}`,
    propertyType: 'PROPERTY_TYPE_ORDINARY',
    createTime: '2024-05-14T09:26:53.589Z',
    updateTime: '2026-02-11T16:18:03.398Z',
    parent: `accounts/${property.accountId}`,
    displayName: property.name,
    industryCategory: property.industry,
    timeZone: property.timeZone,
    currencyCode: property.currency,
    serviceLevel: 'GOOGLE_ANALYTICS_STANDARD',
    account: `accounts/${property.accountId}`,
  };
}
