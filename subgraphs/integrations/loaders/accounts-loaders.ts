import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { DataSource } from 'typeorm';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { type ClientAccount, ClientAccountEntity } from '#integrations/entities/client-account.js';
import { columnsOf } from '#runtime/database/columns-of.js';
import { prepared } from '#runtime/database/prepared-statements.js';
import type { Visible } from './visible-accounts.js';

/** Only listed ones, by name. */
const accountsBy = (column: 'connection_id' | 'id') =>
  prepared(`SELECT ${columnsOf(AccountEntity, { alias: 'account' })} FROM integrations.account
  WHERE organization_id = $1 AND access IS NOT NULL AND ${column} = ANY ($2::uuid[]) ORDER BY lower(name), id`);

const BY_CONNECTION = accountsBy('connection_id');
const BY_ID = accountsBy('id');

/** Loads the accounts each connection opens, as far as the caller sees them, by name. */
export function accountsByConnection(
  database: DataSource,
  organizationId: string | undefined,
  visible: Visible,
): DataLoader<string, Account[]> {
  return new DataLoader(async (connectionIds) => {
    if (!organizationId) return connectionIds.map(() => []);
    const accounts = await database.query<Account[]>(BY_CONNECTION, [organizationId, connectionIds]);
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
    const accountIds = links.map(({ accountId }) => accountId);
    const accounts = await database.query<Account[]>(BY_ID, [organizationId, accountIds]);
    const seen = await visible.pick(accounts, ({ id }) => id);
    const pairs = new Set(links.map(({ clientId, accountId }) => `${clientId} ${accountId}`));
    return clientIds.map((clientId) => seen.filter(({ id }) => pairs.has(`${clientId} ${id}`)));
  });
}
