import type { DataSource } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';

/** Returns how many connections there are in each state, over all organizations. */
export async function countConnections(database: DataSource): Promise<Record<Connection['status'], number>> {
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
