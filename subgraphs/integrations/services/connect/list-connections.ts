import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { columnsOf } from '#runtime/database/columns-of.js';
import { prepared } from '#runtime/database/prepared-statements.js';

const CONNECTIONS = prepared(`
  SELECT ${columnsOf(ConnectionEntity, { alias: 'connection' })} FROM integrations.connection
  WHERE organization_id = $1 AND status <> 'DISCONNECTED' ORDER BY created_at, id`);

/** Returns the connections of an organization, oldest first, without disconnected ones. */
export async function listConnections(
  { database, identity, connectionById }: Context,
  { organizationId }: { organizationId: string },
): Promise<Connection[]> {
  const connections = await database.query<Connection[]>(CONNECTIONS, [organizationId]);
  // The questions about their accounts need not read them again.
  if (organizationId === identity.organizationId) {
    for (const connection of connections) connectionById.prime(connection.id, connection);
  }
  return connections;
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
