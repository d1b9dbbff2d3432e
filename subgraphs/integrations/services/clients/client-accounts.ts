import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { AccountEntity } from '#integrations/entities/account.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

export const accountIdsInput = z.array(z.string()).max(1_000, 'must name at most 1000 accounts');

/** Returns given ids of accounts, each once. Throws NotFound unless a connection of the organization opens all of them. */
export async function requireAccounts(
  manager: EntityManager,
  { organizationId, accountIds }: { organizationId: string; accountIds: string[] },
): Promise<string[]> {
  const ids = [...new Set(accountIds.map((id) => id.toLowerCase()))];
  if (!ids.every(isRowId)) throw new NotFound('account');
  const where = { organizationId, id: In(ids), access: Not(IsNull()) };
  const known = ids.length > 0 ? await manager.countBy(AccountEntity, where) : 0;
  if (known < ids.length) throw new NotFound('account');
  return ids;
}
