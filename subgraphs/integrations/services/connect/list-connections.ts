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

/** Returns the number of connections in each state, of all organizations. */
export async function countConnections({ database }: Context): Promise<Record<Connection['status'], number>> {
  const rows = await database
    .createQueryBuilder(ConnectionEntity, 'connection')
    .select('connection.status', 'status')
    .addSelect('count(*)::int', 'count')
    .groupBy('connection.status')
    .getRawMany<{ status: Connection['status']; count: number }>();
  const counts = { ACTIVE: 0, RECONNECT_REQUIRED: 0, DISCONNECTED: 0 };
  for (const { status, count } of rows) counts[status] = count;
  return counts;
}
