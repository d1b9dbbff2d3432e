import { Not } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';

/** Returns the connections of an organization, the oldest first, without those that were ended. */
export function listConnections({ database }: Equipment, organizationId: string): Promise<Connection[]> {
  return database.manager.find(ConnectionEntity, {
    where: { organizationId, status: Not('DISCONNECTED') },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
}
