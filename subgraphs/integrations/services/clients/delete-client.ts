import { ClientEntity } from '#integrations/entities/client.js';
import type { Equipment } from '#integrations/equipment.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Removes a client; its accounts stay connected. Throws NotFound. */
export async function deleteClient({ database }: Equipment, identity: Identity, id: string): Promise<void> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('client');
  await database.transaction(async (manager) => {
    const client = await manager.findOneBy(ClientEntity, { id, organizationId });
    const { affected } = await manager.delete(ClientEntity, { id, organizationId });
    if (!client || !affected) throw new NotFound('client');
    await recordAudit(manager, identity, {
      organizationId,
      action: 'client.deleted',
      target: { type: 'Client', id: client.id },
      before: { name: client.name },
    });
  });
}
