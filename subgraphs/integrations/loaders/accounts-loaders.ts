import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { type ClientAccount, ClientAccountEntity } from '#integrations/entities/client-account.js';
import type { Visible } from './visible-accounts.js';

/** Only listed ones, by name. */
function accountsOf(database: DataSource, organizationId: string): SelectQueryBuilder<Account> {
  return database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.access IS NOT NULL')
    .orderBy('lower(account.name)')
    .addOrderBy('account.id');
}

/** Loads the accounts each connection opens, as far as the caller sees them, by name. */
export function accountsByConnection(
  database: DataSource,
  organizationId: string | undefined,
  visible: Visible,
): DataLoader<string, Account[]> {
  return new DataLoader(async (connectionIds) => {
    if (!organizationId) return connectionIds.map(() => []);
    const accounts = await accountsOf(database, organizationId)
      .andWhere('account.connectionId IN (:...connectionIds)', { connectionIds })
      .getMany();
    const seen = await visible.pick(accounts, ({ id }) => id);
    const byConnection = groupBy(seen, ({ connectionId }) => connectionId);
    return connectionIds.map((id) => byConnection[id] ?? []);
  });
}

/** Loads the listed accounts of each client the caller sees, by name. */
export function accountsByClient(
  database: DataSource,
  organizationId: string | undefined,
  visible: Visible,
): DataLoader<string, Account[]> {
  return new DataLoader(async (clientIds) => {
    if (!organizationId) return clientIds.map(() => []);
    const links: ClientAccount[] = await database
      .createQueryBuilder(ClientAccountEntity, 'link')
      .where('link.organizationId = :organizationId', { organizationId })
      .andWhere('link.clientId IN (:...clientIds)', { clientIds })
      .getMany();
    if (links.length === 0) return clientIds.map(() => []);
    const accounts = await accountsOf(database, organizationId)
      .andWhere('account.id IN (:...accountIds)', { accountIds: links.map(({ accountId }) => accountId) })
      .getMany();
    const seen = await visible.pick(accounts, ({ id }) => id);
    const pairs = new Set(links.map(({ clientId, accountId }) => `${clientId} ${accountId}`));
    return clientIds.map((clientId) => seen.filter(({ id }) => pairs.has(`${clientId} ${id}`)));
  });
}
