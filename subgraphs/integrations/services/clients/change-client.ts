import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

/** Changes a client, locked, in a transaction; the operation reads it anew afterwards. Throws NotFound. */
export async function changeClient(
  { database, identity, clientById, accountsByClient }: Context,
  { clientId, change }: { clientId: string; change(manager: EntityManager, client: Client): Promise<Client> },
): Promise<Client> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(clientId)) throw new NotFound('client');
  const changed = await database.transaction(async (manager) => {
    const where = { id: clientId, organizationId };
    const client = await manager.findOne(ClientEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!client) throw new NotFound('client');
    return change(manager, client);
  });
  clientById.clear(changed.id);
  accountsByClient.clear(changed.id);
  return changed;
}
