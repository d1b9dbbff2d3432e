import { z } from 'zod';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { scopeTakenBack } from '#integrations/providers/require-scopes.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Forbidden } from '#runtime/errors.js';
import type { LinkedInApi } from './api.js';
import { NAME } from './errors.js';
import { listOf, numericId } from './restli.js';

const STATUSES = ['ACTIVE', 'CANCELED'];

const account = z.object({
  id: numericId,
  name: z.string().default(''),
  currency: z.string().regex(/^[A-Z]{3}$/),
  status: z.string(),
});

/**
 * Returns every ad account of a user. Reports are in UTC.
 * https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-accounts
 */
export async function listAccounts(api: LinkedInApi, accessToken: string): Promise<ProviderAccount[]> {
  const query = `q=search&search=(status:(values:${listOf(STATUSES)}))`;
  const found = await api.search(accessToken, '/adAccounts', query).catch((error) => {
    // One's own accounts are forbidden only when the permission is gone.
    throw error instanceof Forbidden ? scopeTakenBack(NAME, 'the permission to see your ad accounts') : error;
  });
  return found.map((element) => {
    const { id, name, currency, status } = readAnswer(NAME, account, element);
    return { externalId: id, name: name || id, currency, timeZone: 'UTC', isActive: status === 'ACTIVE', access: {} };
  });
}
