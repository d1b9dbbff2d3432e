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

const ALERT_RULE = ['id', 'organization_id', 'kind', 'name', 'created_at'];
const ALERT = ['id', 'organization_id', 'kind', 'target', 'raised_at', 'acknowledged_at'];

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

/**
 * Returns the connections a user made, without tokens, the notes they wrote, their saved views, and the alert rules
 * and acknowledged alerts of theirs.
 */
export async function personalData(
  { database }: Context,
  { personId }: { personId: string },
): Promise<Record<string, unknown>> {
  const connections = await database.query<Record<string, unknown>[]>(
    `SELECT connection.* FROM (
       SELECT DISTINCT organization_id, target_id::uuid AS id FROM operations.audit_event
       WHERE actor_id = $1 AND target_type = 'Integration'
     ) AS made
     JOIN integrations.connection ON connection.organization_id = made.organization_id AND connection.id = made.id
     ORDER BY connection.created_at`,
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
  const rules = await database.query<Record<string, unknown>[]>(
    `SELECT * FROM integrations.alert_rule
     WHERE created_by_user_id = $1::uuid OR recipient_ids @> ARRAY[$1::uuid] ORDER BY created_at`,
    [personId],
  );
  const alerts = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM integrations.alert WHERE acknowledged_by_user_id = $1 ORDER BY acknowledged_at',
    [personId],
  );
  return {
    connections: connections.map((connection) => pickColumns(connection, CONNECTION)),
    annotations: annotations.map((annotation) => pickColumns(annotation, ANNOTATION)),
    savedViews: savedViews.map((view) => pickColumns(view, SAVED_VIEW)),
    alertRules: rules.map((rule) => pickColumns(rule, ALERT_RULE)),
    acknowledgedAlerts: alerts.map((alert) => pickColumns(alert, ALERT)),
  };
}
