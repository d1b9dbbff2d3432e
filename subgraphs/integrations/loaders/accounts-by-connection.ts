import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { DataSource } from 'typeorm';
import { type Account, AccountEntity } from '#integrations/entities/account.js';

/** Loads the accounts each connection of one organization opens, by name. */
export function accountsByConnection(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Account[]> {
  return new DataLoader(async (connectionIds) => {
    if (!organizationId) return connectionIds.map(() => []);
    const accounts = await database
      .createQueryBuilder(AccountEntity, 'account')
      .where('account.organizationId = :organizationId', { organizationId })
      .andWhere('account.connectionId IN (:...connectionIds)', { connectionIds })
      .andWhere('account.access IS NOT NULL')
      .orderBy('lower(account.name)')
      .addOrderBy('account.id')
      .getMany();
    const byConnection = groupBy(accounts, ({ connectionId }) => connectionId);
    return connectionIds.map((id) => byConnection[id] ?? []);
  });
}
