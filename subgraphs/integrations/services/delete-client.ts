import { isRowId } from '../../../ops/runtime/database.js';
import { NotFound } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import { ClientEntity } from '../entities/client.js';
import type { Equipment } from '../equipment.js';

/** Removes a client; its accounts stay connected. Throws NotFound. */
export async function deleteClient({ database }: Equipment, { organizationId }: Identity, id: string): Promise<void> {
  if (!organizationId || !isRowId(id)) throw new NotFound('client');
  const { affected } = await database.manager.delete(ClientEntity, { id, organizationId });
  if (!affected) throw new NotFound('client');
}
