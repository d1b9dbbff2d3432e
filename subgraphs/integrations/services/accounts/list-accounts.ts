import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { NotFound } from '#runtime/errors.js';

async function accountIdsOf({ clientById, accountsByClient }: Context, clientIds: string[]): Promise<Set<string>> {
  const clients = await Promise.all(clientIds.map((id) => clientById.load(id)));
  const accounts = clients.map((client) => {
    if (!client) throw new NotFound('client');
    return accountsByClient.load(client.id);
  });
  return new Set((await Promise.all(accounts)).flat().map(({ id }) => id));
}

/** As many as a report takes. */
const MAX_CLIENTS = 200;

/**
 * Returns the listed accounts of an organization, or of at most 200 clients, by name. Throws InvalidInput, and NotFound
 * for an unknown client.
 */
export async function listAccounts(
  context: Context,
  {
    organizationId,
    clientIds,
    hasFault,
  }: { organizationId: string; clientIds?: string[] | null; hasFault?: boolean | null },
): Promise<Account[]> {
  checkSize('clientIds', clientIds, MAX_CLIENTS);
  const wanted = clientIds && (await accountIdsOf(context, clientIds));
  const query = context.database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.access IS NOT NULL')
    .orderBy('lower(account.name)')
    .addOrderBy('account.id');
  // The rule of faultOfAccount.
  const failing = '(account.fault IS NOT NULL OR NOT account.isActive)';
  if (typeof hasFault === 'boolean') query.andWhere(hasFault ? failing : `NOT ${failing}`);
  const accounts: Account[] = await query.getMany();
  return wanted ? accounts.filter(({ id }) => wanted.has(id)) : accounts;
}
