import type { TransactionContext } from '#auth/context.js';
import { mailAdministrators } from '#auth/services/member/mail-members.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import { quotedName } from '#runtime/name.js';

interface CreatedEndpoint {
  id: string;
  organizationId: string;
  url: string;
}

/** Endpoints a person created, also with an API key of theirs. */
const CREATED_BY = `(created_by = $1 OR created_by IN (SELECT id FROM auth.api_key WHERE created_by = $1))`;
const COLUMNS = 'id, organization_id AS "organizationId", url';

/** Deletes the endpoints a person created, in every organization. Returns the events for the trails. */
export async function deleteEndpointsOf(
  { manager }: TransactionContext,
  { personId, reason }: { personId: string; reason: string },
): Promise<AuditEntry[]> {
  const [deleted] = await manager.query<[CreatedEndpoint[], number]>(
    `DELETE FROM operations.webhook_endpoint WHERE ${CREATED_BY} RETURNING ${COLUMNS}`,
    [personId],
  );
  return deleted.map(({ id, organizationId, url }) => ({
    organizationId,
    action: 'webhook.deleted',
    target: { type: 'WebhookEndpoint', id },
    before: { origin: new URL(url).origin },
    after: { reason },
  }));
}

/**
 * Mails administrators the endpoints of a person who has left: they may be of a server that person keeps. Call it after the
 * membership is deleted.
 */
export async function mailEndpointsLeft(
  transaction: TransactionContext,
  { organizationId, personId, name }: { organizationId: string; personId: string; name: string },
): Promise<void> {
  const { services, manager } = transaction;
  const endpoints = await manager.query<CreatedEndpoint[]>(
    `SELECT ${COLUMNS} FROM operations.webhook_endpoint
     WHERE organization_id = $2 AND disabled_reason IS NULL AND ${CREATED_BY} ORDER BY created_at, id`,
    [personId, organizationId],
  );
  if (endpoints.length === 0) return;
  const hosts = [...new Set(endpoints.map(({ url }) => new URL(url).host))];
  await mailAdministrators(transaction, {
    organizationId,
    kind: 'webhook-endpoints-left',
    key: `${organizationId}:${personId}:${services.now().toISOString()}`,
    subject: `${quotedName(name)} has left, and created webhook endpoints that still work`,
    paragraphs: [
      `${quotedName(name)} created webhook endpoints of your organization at ${hosts.join(', ')}.`,
      'Events go on being sent there. The person who created an endpoint has seen its secret: rotate it (rotateWebhookSecret) where the server is yours, and delete endpoints that are not (deleteWebhookEndpoint).',
    ],
  });
}

/** Forgets who created endpoints, for accounts that are deleted; the endpoints stay. */
export async function forgetCreator(
  { manager }: TransactionContext,
  { personIds }: { personIds: string[] },
): Promise<void> {
  await manager.query('UPDATE operations.webhook_endpoint SET created_by = NULL WHERE created_by = ANY ($1::uuid[])', [
    personIds,
  ]);
}
