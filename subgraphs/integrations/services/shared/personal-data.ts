import type { Context } from '#integrations/context.js';
import { pickColumns } from '#runtime/database/pick-columns.js';

const CONNECTION = [
  'id',
  'organization_id',
  'provider_id',
  'granted_by',
  'status',
  'scopes',
  'created_at',
  'connected_at',
];

/** Returns the connections a user made, without tokens. */
export async function personalData(
  { database }: Context,
  { personId }: { personId: string },
): Promise<Record<string, unknown>> {
  const connections = await database.query<Record<string, unknown>[]>(
    `SELECT * FROM integrations.connection WHERE id::text IN (
       SELECT target_id FROM operations.audit_event WHERE actor_id = $1 AND target_type = 'Integration')
     ORDER BY created_at`,
    [personId],
  );
  return { connections: connections.map((connection) => pickColumns(connection, CONNECTION)) };
}
