import { z } from 'zod';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { scopeTakenBack } from '#integrations/providers/require-scopes.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Forbidden } from '#runtime/errors.js';
import type { MetaApi } from './api.js';
import { NAME } from './errors.js';
import { listIn, readLists } from './lists.js';

const adAccount = z.object({
  account_id: z.string().regex(/^\d+$/),
  name: z.string().default(''),
  currency: z.string(),
  timezone_name: z.string(),
  account_status: z.number(),
});

// 1 active, 9 in grace period: its ads still run.
const USABLE = new Set([1, 9]);

/** Returns the account in a row of `/me/adaccounts`. */
export function accountOfRow(row: unknown): ProviderAccount {
  const { account_id, name, currency, timezone_name, account_status } = readAnswer(NAME, adAccount, row);
  return {
    externalId: account_id,
    name: name || account_id,
    currency,
    timeZone: timezone_name,
    isActive: USABLE.has(account_status),
    access: {},
  };
}

/** Returns every ad account a user can open. */
export async function listAccounts(api: MetaApi, accessToken: string): Promise<ProviderAccount[]> {
  const query = { fields: 'account_id,name,currency,timezone_name,account_status', limit: '100' };
  const request = { path: 'me/adaccounts', query };
  const rows = listIn(await readLists(api, [request], accessToken), request);
  // One's own accounts are forbidden only when the permission is gone.
  if (rows instanceof Forbidden)
    throw scopeTakenBack(NAME, 'the permission to read your ad accounts and their reports');
  if (rows instanceof Error) throw rows;
  return rows.map(accountOfRow);
}
