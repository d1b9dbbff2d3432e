import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { describeProviderById, externalIdsOf } from '#integrations/providers/index.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { InvalidInput, NotFound } from '#runtime/errors.js';

async function accountIdsOf({ clientById, accountsByClient }: Context, clientIds: string[]): Promise<Set<string>> {
  const clients = await Promise.all(clientIds.map((id) => clientById.load(id)));
  const accounts = clients.map((client) => {
    if (!client) throw new NotFound('client');
    return accountsByClient.load(client.id);
  });
  return new Set((await Promise.all(accounts)).flat().map(({ id }) => id));
}

/** Whether the provider of an account has a product, configured or not: `campaigns` are what costs something. */
export const offersProduct = ({ providerId }: Account, product: string): boolean =>
  describeProviderById(providerId).products.includes(product);

/** As many as a report takes. */
const MAX_CLIENTS = 200;
const MAX_FILTERS = 100;

/** A filter of accounts; all conditions must hold. */
export interface AccountFilter {
  clientIds?: string[] | null;
  hasFault?: boolean | null;
  providers?: string[] | null;
  /** Ids here or at the provider. */
  accountIds?: string[] | null;
  /** Of `ProviderDescription.products`: only accounts at providers that have it, configured or not. */
  product?: string;
}

function isIdOf({ id, providerId, externalId }: Account, given: string): boolean {
  return id === given.toLowerCase() || externalIdsOf(providerId, given).includes(externalId);
}

/** Throws NotFound for an id that is of none of the accounts. */
function pickAccounts(accounts: Account[], ids: string[]): Account[] {
  const picked = ids.map((id) => accounts.filter((account) => isIdOf(account, id)));
  if (picked.some(({ length }) => length === 0)) throw new NotFound('account');
  const wanted = new Set(picked.flat());
  return accounts.filter((account) => wanted.has(account));
}

/**
 * Returns the listed accounts of an organization that the caller sees and a filter admits, by name. Throws InvalidInput, and NotFound for an
 * unknown client or account.
 */
export async function listAccounts(
  context: Context,
  { organizationId, clientIds, hasFault, providers, accountIds, product }: AccountFilter & { organizationId: string },
): Promise<Account[]> {
  checkSize('clientIds', clientIds, MAX_CLIENTS);
  checkSize('providers', providers, MAX_FILTERS);
  checkSize('accountIds', accountIds, MAX_FILTERS);
  const unknown = providers?.find((id) => !context.providers.find(id));
  if (unknown !== undefined) {
    throw new InvalidInput([{ argument: 'providers', problem: `names "${unknown}", which is no provider here` }]);
  }
  const wanted = clientIds && (await accountIdsOf(context, clientIds));
  const query = context.database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.access IS NOT NULL')
    .orderBy('lower(account.name)')
    .addOrderBy('account.id');
  // The rule of faultOfAccount.
  const failing = '(account.fault IS NOT NULL OR NOT account.isActive)';
  if (providers) query.andWhere('account.providerId = ANY(:providers)', { providers });
  if (typeof hasFault === 'boolean') query.andWhere(hasFault ? failing : `NOT ${failing}`);
  const found = await context.visible.pick<Account>(await query.getMany(), ({ id }) => id);
  const accounts = found.filter(
    (account) => (!wanted || wanted.has(account.id)) && (!product || offersProduct(account, product)),
  );
  return accountIds ? pickAccounts(accounts, accountIds) : accounts;
}
