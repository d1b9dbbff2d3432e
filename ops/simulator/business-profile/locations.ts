import {
  type BusinessLocation,
  businessAccounts,
  businessLocations,
  canOpen,
  findBusinessLocation,
} from '#simulator/data/business-locations.js';
import { GoogleError } from '#simulator/google/errors.js';
import { pageOf } from '#simulator/google/page.js';
import { readPageSize } from '#simulator/google/read-query.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

/** Returns one page of an account's locations; `-` stands for all accounts. */
export function listLocations(accountId: string, request: WireRequest, { person }: Grant, { settings }: World) {
  const mask = readMask(request);
  const requested = readPageSize(request, { standard: 10, max: 100 });
  checkAccount(accountId, person);
  const matches = readFilter(request);
  const own = businessLocations.filter(
    (location) =>
      canOpen(person, location.accountId) &&
      (accountId === '-' || location.accountId === accountId) &&
      (matches?.(location) ?? true),
  );
  const sorted = sort(own, request.query.get('orderBy') ?? '');
  const list = ['locations', accountId, person, request.query.get('filter'), request.query.get('orderBy')].join(' ');
  const size = Math.min(requested, settings.businessProfileLocationsPerPage);
  const { page, nextPageToken } = pageOf(list, sorted, size, request.query.get('pageToken'));
  return {
    ...(page.length > 0 && { locations: page.map((location) => masked(printLocation(location), mask)) }),
    ...(nextPageToken && { nextPageToken }),
    // Google returns a total only with a filter.
    ...(matches && own.length > 0 && { totalSize: own.length }),
  };
}

export function getLocation(id: string, request: WireRequest, grant: Grant) {
  const mask = readMask(request);
  return masked(printLocation(openLocation(id, grant, request)), mask);
}

/** Returns a location; throws without access. */
export function openLocation(id: string, { person }: Grant, request: WireRequest): BusinessLocation {
  request.accounts.add(id);
  const location = findBusinessLocation(id);
  if (!location) throw new GoogleError(404);
  if (!canOpen(person, location.accountId)) throw new GoogleError(403);
  return location;
}

function checkAccount(id: string, person: string): void {
  if (id === '-') return;
  if (!businessAccounts.some((account) => account.id === id)) throw new GoogleError(404);
  if (!canOpen(person, id)) throw new GoogleError(403);
}

function readFilter(request: WireRequest): ((location: BusinessLocation) => boolean) | undefined {
  const filter = request.query.get('filter');
  if (!filter) return undefined;
  const [, field, value] = /^(title|storeCode|store_code)\s*=\s*"([^"]*)"$/.exec(filter) ?? [];
  if (field === undefined || value === undefined) throw new NotSimulated(`the filter ${filter}`);
  return ({ title, storeCode }) =>
    field === 'title' ? title.toLowerCase().includes(value.toLowerCase()) : storeCode === value;
}

function sort(locations: BusinessLocation[], orderBy: string): BusinessLocation[] {
  if (orderBy === '') return locations;
  const [, field, direction] = /^(title|storeCode|store_code)( desc)?$/.exec(orderBy) ?? [];
  if (field === undefined) throw new NotSimulated(`the order ${orderBy}`);
  const textOf = ({ title, storeCode }: BusinessLocation) => (field === 'title' ? title : storeCode);
  const sign = direction === undefined ? 1 : -1;
  return [...locations].sort((one, other) => (textOf(one) < textOf(other) ? -sign : sign));
}

function printLocation(location: BusinessLocation) {
  const { id, title, storeCode, phone, category, address, latitude, longitude, websiteUri, isOpen } = location;
  const placeId = `ChIJ${Buffer.from(storeCode).toString('base64url')}`;
  return {
    name: `locations/${id}`,
    languageCode: address.regionCode === 'JP' ? 'ja' : 'en',
    storeCode,
    title,
    phoneNumbers: { primaryPhone: phone },
    categories: { primaryCategory: { name: `categories/${category.id}`, displayName: category.name } },
    storefrontAddress: {
      regionCode: address.regionCode,
      postalCode: address.postalCode,
      administrativeArea: address.administrativeArea,
      locality: address.locality,
      addressLines: [address.line],
    },
    websiteUri,
    latlng: { latitude, longitude },
    openInfo: { status: isOpen ? 'OPEN' : 'CLOSED_TEMPORARILY' },
    metadata: {
      placeId,
      mapsUri: `https://maps.google.com/maps?cid=${id}`,
      newReviewUri: `https://search.google.com/local/writereview?placeid=${placeId}`,
      hasVoiceOfMerchant: true,
    },
  };
}

// Locations' fields, and the subfields selectable by themselves.
const PATHS = new Set(
  [
    'name languageCode storeCode title websiteUri labels',
    'phoneNumbers phoneNumbers.primaryPhone phoneNumbers.additionalPhones',
    'categories categories.primaryCategory categories.additionalCategories',
    'storefrontAddress storefrontAddress.regionCode storefrontAddress.postalCode',
    'storefrontAddress.administrativeArea storefrontAddress.locality storefrontAddress.addressLines',
    'latlng latlng.latitude latlng.longitude openInfo openInfo.status',
    'metadata metadata.placeId metadata.mapsUri metadata.newReviewUri metadata.hasVoiceOfMerchant',
    'regularHours specialHours moreHours serviceArea adWordsLocationExtensions profile relationshipData serviceItems',
  ].flatMap((paths) => paths.split(' ')),
);

/** Throws for a missing readMask or an unknown path. */
function readMask(request: WireRequest): string[] {
  const text = request.query.get('readMask') ?? '';
  const paths = text.split(',').map((path) => path.trim().replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
  const bad = paths.find((path) => !PATHS.has(path));
  if (bad === undefined) return paths;
  const description = text === '' ? 'read_mask is required' : `Invalid field mask provided: ${bad}`;
  throw new GoogleError(400, {
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'read_mask', description }],
      },
    ],
  });
}

function masked(whole: Record<string, unknown>, paths: readonly string[]): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(whole)) {
    const inner = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    if (paths.includes(name)) shown[name] = value;
    else if (inner.length > 0) shown[name] = masked(value as Record<string, unknown>, inner);
  }
  return shown;
}
