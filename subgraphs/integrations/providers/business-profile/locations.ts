import { z } from 'zod';
import { answerEach } from '#integrations/providers/answer-groups.js';
import { type GoogleApi, readPages } from '#integrations/providers/google/api.js';
import { readPage } from '#integrations/providers/halves.js';
import type { LocationRow, Readers } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';

const CALLS_AT_ONCE = 4;
const PAGE_SIZE = 100;

// Required.
const READ_MASK = 'name,title,storeCode,phoneNumbers,storefrontAddress,websiteUri,openInfo,metadata';

const locationName = z.string().regex(/^locations\/\d+$/);

const location = z.object({
  name: locationName,
  title: z.string().default(''),
  storeCode: z.string().optional(),
  phoneNumbers: z.object({ primaryPhone: z.string().optional() }).default({}),
  storefrontAddress: z
    .object({
      addressLines: z.array(z.string()).default([]),
      postalCode: z.string().optional(),
      locality: z.string().optional(),
      administrativeArea: z.string().optional(),
      regionCode: z.string().optional(),
    })
    .optional(),
  websiteUri: z.string().optional(),
  openInfo: z.object({ status: z.string().optional() }).default({}),
  metadata: z.object({ mapsUri: z.string().optional() }).default({}),
});

const identityOfLocation = z.object({ name: locationName }).transform(({ name }) => ({ row: idIn(name) }));

const page = z.object({ locations: z.array(z.unknown()).default([]), nextPageToken: z.string().optional() });

const idIn = (name: string) => name.slice('locations/'.length);

function lineOf(address: z.output<typeof location>['storefrontAddress']): string | null {
  if (!address) return null;
  const { addressLines, postalCode, locality, administrativeArea, regionCode } = address;
  const town = [postalCode, locality].filter(Boolean).join(' ');
  return [...addressLines, town, administrativeArea, regionCode].filter(Boolean).join(', ') || null;
}

function rowOf(found: z.output<typeof location>): LocationRow {
  const externalId = idIn(found.name);
  return {
    externalId,
    name: found.title || externalId,
    storeCode: found.storeCode || null,
    address: lineOf(found.storefrontAddress),
    phone: found.phoneNumbers.primaryPhone ?? null,
    websiteUrl: found.websiteUri ?? null,
    mapsUrl: found.metadata.mapsUri ?? null,
    isOpen: !found.openInfo.status?.startsWith('CLOSED'),
  };
}

/**
 * Reads the locations of each account.
 * https://developers.google.com/my-business/reference/businessinformation/rest/v1/accounts.locations/list
 */
export const readLocations =
  (name: string, api: GoogleApi): Readers['locations'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account }) => {
      const path = `/v1/accounts/${account.externalId}/locations`;
      let size = PAGE_SIZE;
      const found = await readPages(name, async (pageToken) => {
        const answer = await readPage(size, (pageSize) => {
          const more = pageToken && { pageToken };
          const query = new URLSearchParams({ readMask: READ_MASK, pageSize: String(pageSize), ...more });
          return api.get(accessToken, path, query, page);
        });
        size = answer.size;
        return { items: answer.page.locations, nextPageToken: answer.page.nextPageToken };
      });
      const { read, unreadable } = readRows(name, location, found, identityOfLocation);
      return { rows: distinctRows(read.map(rowOf), ({ externalId }) => externalId), unreadable };
    });
