import { randomUUID } from 'node:crypto';
import { isRowId, isUniqueViolation } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import type { Sealer } from '#runtime/sealing/crypto.js';
import type { SealedColumn, SealedOwner, SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { WebhookEventType } from './event-types.js';
import { newWebhookSecret } from './signature.js';

/** Why an endpoint is disabled: by a user, after days of failures, because it answered 410, or with the key that created it. */
export type WebhookDisabledReason = 'BY_USER' | 'FAILING' | 'GONE' | 'KEY_REVOKED';

/** A URL of an organization to which events are delivered. Its secrets are read by the delivery only. */
export interface WebhookEndpoint {
  id: string;
  organizationId: string;
  url: string;
  description: string;
  /** null = every type. */
  eventTypes: WebhookEventType[] | null;
  /** null = enabled. */
  disabledReason: WebhookDisabledReason | null;
  disabledAt: Date | null;
  /** Until when the secret before the current one signs, too; null = there is none. */
  previousSecretUntil: Date | null;
  /** The user or the API key. */
  createdBy: string | null;
  createdAt: Date;
  /** The first failure since the last success; null = none. */
  failingSince: Date | null;
  lastAttemptAt: Date | null;
}

export interface EndpointRef {
  organizationId: string;
  id: string;
}

const COLUMNS = `id, organization_id AS "organizationId", url, description, event_types AS "eventTypes",
  disabled_reason AS "disabledReason", disabled_at AS "disabledAt", previous_secret_until AS "previousSecretUntil",
  created_by AS "createdBy", created_at AS "createdAt", failing_since AS "failingSince", last_attempt_at AS "lastAttemptAt"`;

const associatedDataOf = ({ organizationId, id }: SealedOwner) => `webhooks:${organizationId}:${id}`;

/** The sealed columns of webhooks. */
export const sealedWebhookSecrets: SealedColumn[] = ['sealed_secret', 'sealed_previous_secret'].map((column) => ({
  table: 'operations.webhook_endpoint',
  column,
  associatedDataOf,
}));

/** Returns the secret in a sealed column of an endpoint. */
export function openWebhookSecret(sealer: Sealer, owner: SealedOwner, sealed: string): string {
  return sealer.open(sealed, associatedDataOf(owner));
}

function taken(error: unknown): never {
  if (isUniqueViolation(error))
    throw new Conflict('There is a webhook endpoint with this URL already.', { cause: error });
  throw error;
}

/** Returns an organization's endpoints, the oldest first. */
export function listWebhookEndpoints(
  database: SqlDatabase,
  { organizationId }: { organizationId: string },
): Promise<WebhookEndpoint[]> {
  return database.query(
    `SELECT ${COLUMNS} FROM operations.webhook_endpoint WHERE organization_id = $1 ORDER BY created_at, id`,
    [organizationId],
  );
}

/** Returns an endpoint, locked within a transaction when `isLocked`; null when there is none. */
export async function findWebhookEndpoint(
  database: SqlDatabase,
  { organizationId, id, isLocked = false }: EndpointRef & { isLocked?: boolean },
): Promise<WebhookEndpoint | null> {
  if (!isRowId(id)) return null;
  const [endpoint] = await database.query<WebhookEndpoint[]>(
    `SELECT ${COLUMNS} FROM operations.webhook_endpoint WHERE organization_id = $1 AND id = $2
     ${isLocked ? 'FOR NO KEY UPDATE' : ''}`,
    [organizationId, id],
  );
  return endpoint ?? null;
}

/** Returns an endpoint. Throws NotFound. */
export async function getWebhookEndpoint(
  database: SqlDatabase,
  ref: EndpointRef & { isLocked?: boolean },
): Promise<WebhookEndpoint> {
  const endpoint = await findWebhookEndpoint(database, ref);
  if (!endpoint) throw new NotFound('webhook endpoint');
  return endpoint;
}

export interface NewWebhookEndpoint {
  organizationId: string;
  /** Checked by `checkWebhookUrl` and `findUnreachable`. */
  url: string;
  description: string;
  eventTypes: WebhookEventType[] | null;
  createdBy: string | null;
  createdAt: Date;
}

/** Creates an endpoint and returns it with its secret. Throws Conflict for a URL the organization has already. */
export async function createWebhookEndpoint(
  { manager, sealer }: { manager: SqlDatabase; sealer: Sealer },
  { organizationId, url, description, eventTypes, createdBy, createdAt }: NewWebhookEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const id = randomUUID();
  const secret = newWebhookSecret();
  const [endpoint] = await manager
    .query<WebhookEndpoint[]>(
      `INSERT INTO operations.webhook_endpoint
         (id, organization_id, url, description, event_types, created_by, created_at, sealed_secret)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
      [
        ...[id, organizationId, url, description, eventTypes, createdBy, createdAt],
        sealer.seal(secret, associatedDataOf({ organizationId, id })),
      ],
    )
    .catch(taken);
  return { endpoint: endpoint as WebhookEndpoint, secret };
}

async function updated(changing: Promise<[WebhookEndpoint[], number]>): Promise<WebhookEndpoint> {
  const [[endpoint]] = await changing;
  if (!endpoint) throw new NotFound('webhook endpoint');
  return endpoint;
}

/** Changes an endpoint; pending deliveries go to its new URL. Throws NotFound, and Conflict for a URL that is taken. */
export async function updateWebhookEndpoint(
  manager: SqlDatabase,
  { organizationId, id }: EndpointRef,
  { url, description, eventTypes }: Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>,
): Promise<WebhookEndpoint> {
  if (!isRowId(id)) throw new NotFound('webhook endpoint');
  return updated(
    manager
      .query<[WebhookEndpoint[], number]>(
        `UPDATE operations.webhook_endpoint SET url = $3, description = $4, event_types = $5
         WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [organizationId, id, url, description, eventTypes],
      )
      .catch(taken),
  );
}

/** Deletes an endpoint with its deliveries; what is on its way may still arrive. Throws NotFound. */
export async function deleteWebhookEndpoint(manager: SqlDatabase, { organizationId, id }: EndpointRef): Promise<void> {
  if (!isRowId(id)) throw new NotFound('webhook endpoint');
  const [, count] = await manager.query<[unknown, number]>(
    'DELETE FROM operations.webhook_endpoint WHERE organization_id = $1 AND id = $2',
    [organizationId, id],
  );
  if (count === 0) throw new NotFound('webhook endpoint');
}

/** Enables an endpoint, with a clean record of failures. What was skipped meanwhile can be replayed. Throws NotFound. */
export async function enableWebhookEndpoint(
  manager: SqlDatabase,
  { organizationId, id }: EndpointRef,
): Promise<WebhookEndpoint> {
  if (!isRowId(id)) throw new NotFound('webhook endpoint');
  return updated(
    manager.query(
      `UPDATE operations.webhook_endpoint SET disabled_reason = NULL, disabled_at = NULL, failing_since = NULL
       WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      [organizationId, id],
    ),
  );
}

/**
 * Disables an endpoint: its pending deliveries, and the events until it is enabled again, are skipped, which its log shows.
 * An endpoint that is disabled already keeps its reason. Throws NotFound.
 */
export async function disableWebhookEndpoint(
  manager: SqlDatabase,
  { organizationId, id }: EndpointRef,
  { reason, at }: { reason: WebhookDisabledReason; at: Date },
): Promise<WebhookEndpoint> {
  if (!isRowId(id)) throw new NotFound('webhook endpoint');
  const endpoint = await updated(
    manager.query(
      `UPDATE operations.webhook_endpoint
       SET disabled_reason = coalesce(disabled_reason, $3), disabled_at = coalesce(disabled_at, $4)
       WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      [organizationId, id, reason, at],
    ),
  );
  await manager.query(
    `UPDATE operations.webhook_delivery SET state = 'SKIPPED', finished_at = $3, claim = NULL
     WHERE organization_id = $1 AND endpoint_id = $2 AND state = 'PENDING'`,
    [organizationId, id, at],
  );
  return endpoint;
}

/**
 * Gives an endpoint a new secret and returns it. Until `overlapEndsAt` the secret before it signs, too; one that was before
 * both ends now. Throws NotFound.
 */
export async function rotateWebhookSecret(
  { manager, sealer }: { manager: SqlDatabase; sealer: Sealer },
  { organizationId, id }: EndpointRef,
  { overlapEndsAt }: { overlapEndsAt: Date },
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  if (!isRowId(id)) throw new NotFound('webhook endpoint');
  const secret = newWebhookSecret();
  const endpoint = await updated(
    manager.query(
      `UPDATE operations.webhook_endpoint
       SET sealed_secret = $3, sealed_previous_secret = sealed_secret, previous_secret_until = $4
       WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      [organizationId, id, sealer.seal(secret, associatedDataOf({ organizationId, id })), overlapEndsAt],
    ),
  );
  return { endpoint, secret };
}
