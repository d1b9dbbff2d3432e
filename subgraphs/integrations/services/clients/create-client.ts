import { In, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { AccountEntity } from '#integrations/entities/account.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { ClientAccountEntity } from '#integrations/entities/client-account.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId, isUniqueViolation } from '#runtime/database/database.js';
import { Conflict, NotFound, Unauthenticated } from '#runtime/errors.js';
import { nameUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';

const input = z.object({
  name: nameUpTo(200),
  accountIds: z.array(z.string()).max(1_000, 'must name at most 1000 accounts'),
});

/**
 * Creates a client with its accounts, if any. Throws InvalidInput, NotFound for an unknown account, Conflict when the
 * name is taken.
 */
export async function createClient({ database, identity }: Context, given: z.input<typeof input>): Promise<Client> {
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { name, accountIds } = parseInput(input, given);
  const ids = [...new Set(accountIds.map((id) => id.toLowerCase()))];
  if (!ids.every(isRowId)) throw new NotFound('account');
  try {
    return await database.transaction(async (manager) => {
      const where = { organizationId, id: In(ids), access: Not(IsNull()) };
      const known = ids.length > 0 ? await manager.countBy(AccountEntity, where) : 0;
      if (known < ids.length) throw new NotFound('account');
      const client = await manager.save(ClientEntity, { organizationId, name });
      const links = ids.map((accountId) => ({ organizationId, clientId: client.id, accountId }));
      if (links.length > 0) await manager.insert(ClientAccountEntity, links);
      await recordAudit(manager, identity, {
        organizationId,
        action: 'client.created',
        target: { type: 'Client', id: client.id },
        after: { name, accountIds: ids },
      });
      return client;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Conflict('There is a client with this name already: choose another name.');
    throw error;
  }
}
