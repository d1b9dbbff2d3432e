import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { type ClientAccount, ClientAccountEntity } from '#integrations/entities/client-account.js';

/** Loads the accounts of each client of one organization, by name; those no connection opens are left out. */
export function accountsByClient(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Account[]> {
  return new DataLoader(async (clientIds) => {
    if (!organizationId) return clientIds.map(() => []);
    const links: ClientAccount[] = await database
      .createQueryBuilder(ClientAccountEntity, 'link')
      .where('link.organizationId = :organizationId', { organizationId })
      .andWhere('link.clientId IN (:...clientIds)', { clientIds })
      .getMany();
    if (links.length === 0) return clientIds.map(() => []);
    const accounts = await database
      .createQueryBuilder(AccountEntity, 'account')
      .where('account.organizationId = :organizationId', { organizationId })
      .andWhere('account.id IN (:...accountIds)', { accountIds: links.map(({ accountId }) => accountId) })
      .andWhere('account.access IS NOT NULL')
      .orderBy('lower(account.name)')
      .addOrderBy('account.id')
      .getMany();
    const pairs = new Set(links.map(({ clientId, accountId }) => `${clientId} ${accountId}`));
    return clientIds.map((clientId) => accounts.filter(({ id }) => pairs.has(`${clientId} ${id}`)));
  });
}
