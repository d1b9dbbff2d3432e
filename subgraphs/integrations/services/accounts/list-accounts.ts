import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { NotFound } from '#runtime/errors.js';

async function accountIdsOf({ clientById, accountsByClient }: Context, clientIds: string[]): Promise<Set<string>> {
  const clients = await Promise.all(clientIds.map((id) => clientById.load(id)));
  const accounts = clients.map((client) => {
    if (!client) throw new NotFound('client');
    return accountsByClient.load(client.id);
  });
  return new Set((await Promise.all(accounts)).flat().map(({ id }) => id));
}

/**
 * Returns the listed accounts of an organization, or of some clients, by name. Throws NotFound for an unknown client.
 */
export async function listAccounts(
  context: Context,
  { organizationId, clientIds }: { organizationId: string; clientIds?: string[] | null },
): Promise<Account[]> {
  const wanted = clientIds && (await accountIdsOf(context, clientIds));
  const accounts: Account[] = await context.database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.access IS NOT NULL')
    .orderBy('lower(account.name)')
    .addOrderBy('account.id')
    .getMany();
  return wanted ? accounts.filter(({ id }) => wanted.has(id)) : accounts;
}
