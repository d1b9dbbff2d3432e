import { type AnalyticsProperty, analyticsAccounts, analyticsProperties } from '../data/analytics-properties.js';
import { pageOf } from '../google/page.js';
import { checkParameters, readPageSize } from '../google/read-query.js';
import type { Grant } from '../grants.js';
import type { WireRequest } from '../wire.js';
import type { World } from '../world.js';

/** Returns one page of the accounts a person can open, with their properties. */
export function listAccountSummaries(request: WireRequest, grant: Grant, world: World) {
  checkParameters(request, ['pageSize', 'pageToken']);
  const asked = readPageSize(request, { standard: 50, max: 200 });
  const size = Math.min(asked, world.settings.analyticsSummariesPerPage);
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

/** Returns a property as the Admin API shows it. */
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
