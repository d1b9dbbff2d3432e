import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { externalIdsOf } from '#integrations/providers/index.js';

async function findByExternalId({ database, identity, visible }: Context, providerId: string, given: string) {
  const { organizationId } = identity;
  // PostgreSQL stores no zero characters, and refuses them in parameters.
  if (!organizationId || `${providerId}${given}`.includes('\0')) return null;
  const accountIds = await visible.accountIds();
  const query = database
    .createQueryBuilder(AccountEntity, 'account')
    .where('account.organizationId = :organizationId', { organizationId })
    .andWhere('account.providerId = :providerId', { providerId })
    .andWhere('account.externalId IN (:...externalIds)', { externalIds: externalIdsOf(providerId, given) })
    // What was written exactly comes first.
    .orderBy('account.externalId = :given', 'DESC')
    .addOrderBy('account.id')
    .setParameter('given', given)
    .limit(1);
  if (accountIds) query.andWhere('account.id = ANY(:accountIds)', { accountIds: [...accountIds] });
  const [account = null] = await query.getMany();
  return account;
}

/**
 * Returns an account of the organization by its id, or with `providerId` also by its id there. Throws NotFound, alike for accounts
 * of other organizations, at other providers, and of clients the caller does not see.
 */
export async function getAccount(
  context: Context,
  { id, providerId }: { id: string; providerId?: string | null },
): Promise<Account> {
  const account = await context.accountById.load(id);
  if (!providerId) return existing(account, 'account');
  if (account) return existing(account.providerId === providerId ? account : null, 'account');
  return existing(await findByExternalId(context, providerId, id), 'account');
}
