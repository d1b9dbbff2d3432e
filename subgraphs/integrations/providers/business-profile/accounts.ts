import { z } from 'zod';
import { type GoogleApi, readPages } from '#integrations/providers/google/api.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';

/** https://developers.google.com/my-business/reference/accountmanagement/rest/v1/accounts/list: 20 is the most. */
const PAGE_SIZE = '20';

const accounts = z.object({
  accounts: z
    .array(z.object({ name: z.string().regex(/^accounts\/\d+$/), accountName: z.string().default('') }))
    .default([]),
  nextPageToken: z.string().optional(),
});

/** Returns a user's accounts, groups included. */
export async function listAccounts(name: string, api: GoogleApi, accessToken: string): Promise<ProviderAccount[]> {
  const found = await readPages(name, async (pageToken) => {
    const query = new URLSearchParams({ pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) });
    const page = await api.get(accessToken, '/v1/accounts', query, accounts);
    return { items: page.accounts, nextPageToken: page.nextPageToken };
  });
  return found.map((account) => {
    const externalId = account.name.slice('accounts/'.length);
    return {
      externalId,
      name: account.accountName || externalId,
      currency: null,
      // Locations have time zones, accounts do not.
      timeZone: 'UTC',
      isActive: true,
      access: {},
    };
  });
}
