import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';

export interface CurrentState {
  connection: Connection;
  /** By name. */
  accounts: Account[];
}

type Reader = Pick<Context, 'accountsByConnection' | 'askedNow' | 'database'>;

async function readAgain({ database }: Reader, { id, organizationId }: Connection): Promise<Connection | null> {
  return database.manager.findOneBy(ConnectionEntity, { id, organizationId });
}

function readAccountsAgain({ database }: Reader, accounts: Account[], organizationId: string): Promise<Account[]> {
  if (accounts.length === 0) return Promise.resolve([]);
  return database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.id IN (:...ids)', { ids: accounts.map(({ id }) => id) })
    .orderBy('lower(account.name)')
    .addOrderBy('account.id')
    .getMany();
}

/**
 * Returns a connection and its accounts as they are once this operation has got its answers: where those told something
 * new, the rows are read again. Asks no provider.
 */
export async function currentState(context: Reader, connection: Connection): Promise<CurrentState> {
  const accounts = await context.accountsByConnection.load(connection.id);
  const outcome = await context.askedNow.settle(connection.id);
  const isIll = connection.fault !== null || accounts.some(({ fault }) => fault !== null);
  if (outcome === 'nothing' || (outcome === 'fine' && !isIll)) return { connection, accounts };
  return {
    connection: (await readAgain(context, connection)) ?? connection,
    accounts: await readAccountsAgain(context, accounts, connection.organizationId),
  };
}

/** The same of one account. */
export async function currentAccount(context: Reader, account: Account): Promise<Account> {
  const outcome = await context.askedNow.settle(account.connectionId);
  if (outcome === 'nothing' || (outcome === 'fine' && !account.fault)) return account;
  const [again] = await readAccountsAgain(context, [account], account.organizationId);
  return again ?? account;
}
