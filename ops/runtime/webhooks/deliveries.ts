import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { WebhookEventType } from './event-types.js';

/** SKIPPED: its endpoint was disabled. FAILED: given up after about a day. */
export type WebhookDeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED' | 'SKIPPED';

/** An event for an endpoint. */
export interface WebhookDelivery {
  id: string;
  organizationId: string;
  endpointId: string;
  /** The `webhook-id` of its requests. */
  eventId: string;
  eventType: WebhookEventType;
  /** The body of its requests. */
  body: string;
  /** In the order of the events, over the installation. */
  sequence: string;
  state: WebhookDeliveryState;
  /** Since it was queued or replayed. */
  attempts: number;
  /** When it is tried (again); null = it is finished. */
  nextAttemptAt: Date | null;
  /** Of the last attempt; null = no answer, or no attempt. */
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** A request that was sent, or could not be sent. */
export interface WebhookAttempt {
  id: string;
  deliveryId: string;
  startedAt: Date;
  durationMs: number;
  /** null = there was no answer. */
  status: number | null;
  /** Why it does not count as delivered; null = it was. */
  error: string | null;
  /** The beginning of the answer, at most 1 KiB, its secrets removed. */
  responseExcerpt: string | null;
}

const COLUMNS = `delivery.id, delivery.organization_id AS "organizationId", endpoint_id AS "endpointId",
  event_id AS "eventId", event_type AS "eventType", body, delivery.sequence, state, attempts,
  CASE WHEN state = 'PENDING' THEN due_at END AS "nextAttemptAt", last_status AS "lastStatus", last_error AS "lastError",
  created_at AS "createdAt", finished_at AS "finishedAt"`;

const FROM =
  'FROM operations.webhook_delivery AS delivery JOIN operations.webhook_event AS event ON event.id = event_id';

/** The most deliveries one call replays. */
export const MAX_REPLAYED = 1_000;

export interface DeliveryFilter {
  organizationId: string;
  endpointId: string;
  /** null = every state. */
  states?: WebhookDeliveryState[] | null;
  /** null = every type. */
  eventTypes?: WebhookEventType[] | null;
  /** Only those with a smaller sequence. */
  before?: string;
  limit: number;
}

/** Returns an endpoint's deliveries of the last 30 days, the newest first. */
export function listWebhookDeliveries(
  database: SqlDatabase,
  { organizationId, endpointId, states = null, eventTypes = null, before, limit }: DeliveryFilter,
): Promise<WebhookDelivery[]> {
  return database.query(
    `SELECT ${COLUMNS} ${FROM}
     WHERE delivery.organization_id = $1 AND endpoint_id = $2
       AND ($3::text[] IS NULL OR state = ANY ($3)) AND ($4::text[] IS NULL OR event_type = ANY ($4))
       AND ($5::bigint IS NULL OR delivery.sequence < $5)
     ORDER BY delivery.sequence DESC LIMIT $6`,
    [organizationId, endpointId, states, eventTypes, before ?? null, limit],
  );
}

/** Returns a delivery, null when there is none. */
export async function findWebhookDelivery(
  database: SqlDatabase,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<WebhookDelivery | null> {
  if (!isRowId(id)) return null;
  const [delivery] = await database.query<WebhookDelivery[]>(
    `SELECT ${COLUMNS} ${FROM} WHERE delivery.organization_id = $1 AND delivery.id = $2`,
    [organizationId, id],
  );
  return delivery ?? null;
}

/** Returns the attempts of deliveries, the oldest first. */
export function listWebhookAttempts(
  database: SqlDatabase,
  { organizationId, deliveryIds }: { organizationId: string; deliveryIds: readonly string[] },
): Promise<WebhookAttempt[]> {
  return database.query(
    `SELECT id, delivery_id AS "deliveryId", started_at AS "startedAt", duration_ms AS "durationMs", status, error,
       response_excerpt AS "responseExcerpt"
     FROM operations.webhook_attempt WHERE organization_id = $1 AND delivery_id = ANY ($2::uuid[]) ORDER BY id`,
    [organizationId, deliveryIds],
  );
}

const REPLAY = `UPDATE operations.webhook_delivery
  SET state = 'PENDING', attempts = 0, queued_at = $3, due_at = $3, claim = NULL, finished_at = NULL
  WHERE organization_id = $1 AND state <> 'PENDING'`;

/**
 * Queues a finished delivery again, with the same id and body. Throws NotFound, and Conflict while it is pending or its
 * endpoint disabled. Call `deliverWebhooksSoon` after the commit.
 */
export async function replayWebhookDelivery(
  manager: SqlDatabase,
  { organizationId, id, now }: { organizationId: string; id: string; now: Date },
): Promise<void> {
  const [delivery] = isRowId(id)
    ? await manager.query<{ state: WebhookDeliveryState; isDisabled: boolean }[]>(
        `SELECT state, disabled_reason IS NOT NULL AS "isDisabled"
         FROM operations.webhook_delivery AS delivery JOIN operations.webhook_endpoint AS endpoint ON endpoint.id = endpoint_id
         WHERE delivery.organization_id = $1 AND delivery.id = $2 FOR UPDATE OF delivery FOR SHARE OF endpoint`,
        [organizationId, id],
      )
    : [];
  if (!delivery) throw new NotFound('webhook delivery');
  if (delivery.isDisabled) throw new Conflict('The endpoint of this delivery is disabled: enable it first.');
  if (delivery.state === 'PENDING') throw new Conflict('This delivery is still pending: it needs no replay.');
  await manager.query(`${REPLAY} AND id = $2`, [organizationId, id, now]);
}

/**
 * Queues the failed and skipped deliveries of an endpoint since a time again, the oldest 1,000. Returns their number. Throws
 * NotFound, and Conflict for a disabled endpoint.
 */
export async function replayWebhookDeliveries(
  manager: SqlDatabase,
  { organizationId, endpointId, since, now }: { organizationId: string; endpointId: string; since: Date; now: Date },
): Promise<number> {
  const [endpoint] = isRowId(endpointId)
    ? await manager.query<{ isDisabled: boolean }[]>(
        `SELECT disabled_reason IS NOT NULL AS "isDisabled" FROM operations.webhook_endpoint
         WHERE organization_id = $1 AND id = $2 FOR SHARE`,
        [organizationId, endpointId],
      )
    : [];
  if (!endpoint) throw new NotFound('webhook endpoint');
  if (endpoint.isDisabled) throw new Conflict('This webhook endpoint is disabled: enable it first.');
  const [, count] = await manager.query<[unknown, number]>(
    `${REPLAY} AND id IN (
       SELECT id FROM operations.webhook_delivery
       WHERE organization_id = $1 AND endpoint_id = $2 AND state IN ('FAILED', 'SKIPPED') AND created_at >= $4
       ORDER BY sequence LIMIT ${MAX_REPLAYED})`,
    [organizationId, endpointId, now, since],
  );
  return count;
}

/**
 * Skips a pending delivery; an attempt that is being made may still arrive. Throws NotFound, and Conflict unless it is
 * pending.
 */
export async function cancelWebhookDelivery(
  manager: SqlDatabase,
  { organizationId, id, now }: { organizationId: string; id: string; now: Date },
): Promise<void> {
  const delivery = await findWebhookDelivery(manager, { organizationId, id });
  if (!delivery) throw new NotFound('webhook delivery');
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE operations.webhook_delivery SET state = 'SKIPPED', finished_at = $3, claim = NULL
     WHERE organization_id = $1 AND id = $2 AND state = 'PENDING'`,
    [organizationId, id, now],
  );
  if (count === 0) throw new Conflict('This delivery is not pending any more.');
}
