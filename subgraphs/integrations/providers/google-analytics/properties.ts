import { mapAsync } from 'es-toolkit/array';
import { z } from 'zod';
import { type GoogleApi, readPages } from '#integrations/providers/google/api.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { Forbidden, NotFound } from '#runtime/errors.js';

const PAGE_SIZE = '200';
const CALLS_AT_ONCE = 8;

const resource = z.string().regex(/^properties\/\d+$/);

const summaries = z.object({
  accountSummaries: z
    .array(z.object({ propertySummaries: z.array(z.object({ property: resource })).default([]) }))
    .default([]),
  nextPageToken: z.string().optional(),
});

const property = z.object({
  name: resource,
  displayName: z.string().default(''),
  timeZone: z.string(),
  currencyCode: z.string().regex(/^[A-Z]{3}$/),
});

/** Undefined when access was withdrawn since the listing. */
async function readProperty(admin: GoogleApi, accessToken: string, name: string): Promise<ProviderAccount | undefined> {
  try {
    const found = await admin.get(accessToken, `/v1beta/${name}`, new URLSearchParams(), property);
    const externalId = found.name.slice('properties/'.length);
    return {
      externalId,
      name: found.displayName || externalId,
      currency: found.currencyCode,
      timeZone: found.timeZone,
      isActive: true,
      access: {},
    };
  } catch (error) {
    if (error instanceof Forbidden || error instanceof NotFound) return undefined;
    throw error;
  }
}

/**
 * Returns every property of a user. Currency and time zone take one call each.
 * https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accountSummaries/list
 */
export async function listProperties(name: string, admin: GoogleApi, accessToken: string): Promise<ProviderAccount[]> {
  const names = await readPages(name, async (pageToken) => {
    const query = new URLSearchParams({ pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) });
    const page = await admin.get(accessToken, '/v1beta/accountSummaries', query, summaries);
    const items = page.accountSummaries.flatMap((account) => account.propertySummaries.map((one) => one.property));
    return { items, nextPageToken: page.nextPageToken };
  });
  const read = (property: string) => readProperty(admin, accessToken, property);
  const found = await mapAsync([...new Set(names)], read, { concurrency: CALLS_AT_ONCE });
  return found.flatMap((account) => account ?? []);
}
