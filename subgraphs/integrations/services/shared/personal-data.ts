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

const ANNOTATION = [
  'id',
  'organization_id',
  'starts_on',
  'ends_on',
  'text',
  'client_id',
  'account_id',
  'version',
  'created_at',
  'updated_at',
];
const SAVED_VIEW = [
  'id',
  'organization_id',
  'name',
  'kind',
  'question',
  'is_shared',
  'version',
  'created_at',
  'updated_at',
];

/** Returns the connections a user made, without tokens, the notes they wrote, and their saved views. */
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
  const annotations = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM integrations.annotation WHERE created_by = $1 ORDER BY created_at',
    [personId],
  );
  const savedViews = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM integrations.saved_view WHERE owner_id = $1 ORDER BY created_at',
    [personId],
  );
  return {
    connections: connections.map((connection) => pickColumns(connection, CONNECTION)),
    annotations: annotations.map((annotation) => pickColumns(annotation, ANNOTATION)),
    savedViews: savedViews.map((view) => pickColumns(view, SAVED_VIEW)),
  };
}
