import { ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import { NotFound } from '#runtime/errors.js';
import { authorizeConnection } from './authorize-connection.js';
import { readTicket } from './reconnect-ticket.js';

/** Returns where the holder of a ticket consents again. Throws InvalidInput for a bad ticket, NotFound when the connection is gone. */
export async function beginReconnect(
  equipment: Equipment,
  ticket: string,
): Promise<{ authorizeUrl: string; expiresAt: Date }> {
  const { connectionId: id, organizationId, userId } = await readTicket(equipment, ticket);
  const connection = await equipment.database.manager.findOneBy(ConnectionEntity, { id, organizationId });
  if (!connection || connection.status === 'DISCONNECTED') throw new NotFound('connection');
  return authorizeConnection(equipment, { organizationId, userId }, connection.providerId, id);
}
