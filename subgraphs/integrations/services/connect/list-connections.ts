import { Not } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';

/** Returns the connections of an organization, oldest first, without disconnected ones. */
export function listConnections(
  { database }: Context,
  { organizationId }: { organizationId: string },
): Promise<Connection[]> {
  return database.manager.find(ConnectionEntity, {
    where: { organizationId, status: Not('DISCONNECTED') },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
}
