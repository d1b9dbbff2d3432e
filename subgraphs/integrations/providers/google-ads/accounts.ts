import { mapAsync } from 'es-toolkit/array';
import { z } from 'zod';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Forbidden } from '#runtime/errors.js';
import type { GoogleAdsApi } from './api.js';
import { NAME } from './errors.js';

// A manager lists all customers below it; an ordinary customer lists itself.
const CLIENTS_QUERY =
  'SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager, ' +
  'customer_client.currency_code, customer_client.time_zone, customer_client.status FROM customer_client';

const CALLS_AT_ONCE = 8;

const clientRow = z.object({
  customerClient: z.object({
    id: z.string().regex(/^\d+$/),
    // Google omits empty and false values.
    descriptiveName: z.string().default(''),
    manager: z.boolean().default(false),
    currencyCode: z.string(),
    timeZone: z.string(),
    status: z.string(),
  }),
});

/** As Google shows it: 123-456-7890. */
const shownId = (id: string) => id.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');

/** Returns the account in a row, reached through `rootId`; undefined for managers, which have no campaigns. */
export function accountOfRow(row: unknown, rootId: string): ProviderAccount | undefined {
  const { id, descriptiveName, manager, currencyCode, timeZone, status } = readAnswer(
    NAME,
    clientRow,
    row,
  ).customerClient;
  if (manager) return undefined;
  return {
    externalId: id,
    name: descriptiveName || shownId(id),
    currency: currencyCode,
    timeZone,
    isActive: status === 'ENABLED',
    access: id === rootId ? {} : { loginCustomerId: rootId },
  };
}

/** Returns every account a user can open, preferably directly. */
export async function listAccounts(api: GoogleAdsApi, accessToken: string): Promise<ProviderAccount[]> {
  const rootIds = await api.listAccessibleCustomers(accessToken);
  const readClients = async (rootId: string) => {
    const root = { externalId: rootId, access: { loginCustomerId: rootId } };
    try {
      const rows = await api.searchStream(accessToken, root, CLIENTS_QUERY);
      return rows.flatMap((row) => accountOfRow(row, rootId) ?? []);
    } catch (error) {
      // A cancelled customer is listed as accessible but refuses every query.
      if (error instanceof Forbidden) return [];
      throw error;
    }
  };
  const found = await mapAsync(rootIds, readClients, { concurrency: CALLS_AT_ONCE });
  const accounts = new Map<string, ProviderAccount>();
  for (const account of found.flat()) {
    if (!accounts.has(account.externalId) || !account.access.loginCustomerId) accounts.set(account.externalId, account);
  }
  return [...accounts.values()];
}
