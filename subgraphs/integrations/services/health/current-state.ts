import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';

export interface CurrentState {
  connection: Connection;
  accounts: Account[];
}

async function reloadConnection({ database }: Context, { id, organizationId }: Connection): Promise<Connection | null> {
  return database.manager.findOneBy(ConnectionEntity, { id, organizationId });
}

function reloadAccounts({ database }: Context, accounts: Account[], organizationId: string): Promise<Account[]> {
  if (accounts.length === 0) return Promise.resolve([]);
  return database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.id IN (:...ids)', { ids: accounts.map(({ id }) => id) })
    .orderBy('lower(account.name)')
    .addOrderBy('account.id')
    .getMany();
}

/** Returns a connection and its accounts after this operation's answers; rows that may have changed are read again. */
export async function currentState(context: Context, connection: Connection): Promise<CurrentState> {
  const accounts = await context.accountsByConnection.load(connection.id);
  const outcome = await context.pendingAnswers.settle(connection.id);
  const hasFault = connection.fault !== null || accounts.some(({ fault }) => fault !== null);
  if (outcome === 'nothing' || (outcome === 'fine' && !hasFault)) return { connection, accounts };
  return {
    connection: (await reloadConnection(context, connection)) ?? connection,
    accounts: await reloadAccounts(context, accounts, connection.organizationId),
  };
}

/** Returns an account after this operation's answers. */
export async function currentAccount(context: Context, account: Account): Promise<Account> {
  const outcome = await context.pendingAnswers.settle(account.connectionId);
  if (outcome === 'nothing' || (outcome === 'fine' && !account.fault)) return account;
  const [again] = await reloadAccounts(context, [account], account.organizationId);
  return again ?? account;
}
