import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { WebhookDeliveryState } from './deliveries.js';
import type { WebhookDisabledReason } from './endpoint.js';

/** What a delivery needs of its endpoint. */
export interface DeliveryTarget {
  id: string;
  organizationId: string;
  url: string;
  sealedSecret: string;
  sealedPreviousSecret: string | null;
  previousSecretUntil: Date | null;
  disabledReason: WebhookDisabledReason | null;
  failingSince: Date | null;
}

/** A delivery that this process, and no other, attempts now. */
export interface ClaimedDelivery {
  id: string;
  claim: string;
  eventId: string;
  eventType: string;
  resource: string;
  sequence: string;
  body: string;
  /** This one included. */
  attempts: number;
  queuedAt: Date;
}

/** The outcome of an attempt. */
export interface AttemptResult {
  delivery: ClaimedDelivery;
  /** PENDING = it is tried again at `dueAt`. */
  state: Exclude<WebhookDeliveryState, 'SKIPPED'>;
  dueAt?: Date;
  startedAt: Date;
  durationMs: number;
  status: number | null;
  error: string | null;
  excerpt: string | null;
}

export interface DueEndpoint {
  id: string;
  /** Since when its oldest delivery that could be claimed is due. */
  dueAt: Date;
  /** The earliest of all of them. */
  oldestDueAt: Date;
  lastAttemptAt: Date | null;
}

/**
 * A delivery that could be claimed: due, and not waiting for an earlier one of its resource. OFFSET 0 keeps it from being
 * joined, which without statistics of the table compares every pending delivery of the endpoint.
 */
const isClaimable = (delivery: string, now: string) => `${delivery}.state = 'PENDING' AND ${delivery}.due_at <= ${now}
  AND NOT EXISTS (
    SELECT FROM operations.webhook_delivery AS earlier
    WHERE earlier.endpoint_id = ${delivery}.endpoint_id AND earlier.resource = ${delivery}.resource
      AND earlier.state = 'PENDING' AND earlier.sequence < ${delivery}.sequence
    OFFSET 0)`;

/**
 * Returns the endpoints with deliveries that can be claimed, but those in `except`. Those that were tried longest ago come first:
 * however much is due at endpoints that do not answer, the others have their turn.
 */
export function listDueEndpoints(
  operations: SqlDatabase,
  { now, except, limit }: { now: Date; except: string[]; limit: number },
): Promise<DueEndpoint[]> {
  // Jumps from endpoint to endpoint through the index, whatever the number of their deliveries.
  return operations.query(
    `WITH RECURSIVE pending AS (
       (SELECT endpoint_id FROM operations.webhook_delivery WHERE state = 'PENDING' ORDER BY endpoint_id LIMIT 1)
       UNION ALL
       SELECT (
         SELECT endpoint_id FROM operations.webhook_delivery AS next
         WHERE next.state = 'PENDING' AND next.endpoint_id > pending.endpoint_id ORDER BY next.endpoint_id LIMIT 1)
       FROM pending WHERE pending.endpoint_id IS NOT NULL)
     SELECT endpoint.id, due.due_at AS "dueAt", min(due.due_at) OVER () AS "oldestDueAt", endpoint.last_attempt_at AS "lastAttemptAt"
     FROM pending JOIN operations.webhook_endpoint AS endpoint ON endpoint.id = pending.endpoint_id
       CROSS JOIN LATERAL (
         SELECT due_at FROM operations.webhook_delivery AS delivery
         WHERE delivery.endpoint_id = pending.endpoint_id AND ${isClaimable('delivery', '$1')}
         ORDER BY due_at LIMIT 1) AS due
     WHERE endpoint.id <> ALL ($2::uuid[])
     ORDER BY endpoint.last_attempt_at NULLS FIRST, due.due_at LIMIT $3`,
    [now, except, limit],
  );
}

/** Returns what deliveries to an endpoint need; undefined when it was deleted. */
export async function readTarget(operations: SqlDatabase, id: string): Promise<DeliveryTarget | undefined> {
  const [target] = await operations.query<DeliveryTarget[]>(
    `SELECT id, organization_id AS "organizationId", url, sealed_secret AS "sealedSecret",
       sealed_previous_secret AS "sealedPreviousSecret", previous_secret_until AS "previousSecretUntil",
       disabled_reason AS "disabledReason", failing_since AS "failingSince"
     FROM operations.webhook_endpoint WHERE id = $1`,
    [id],
  );
  return target;
}

/**
 * Claims up to `limit` deliveries of an endpoint until `leaseEndsAt`, after which they are due again should this process die. Of
 * each resource the earliest only.
 */
export async function claimDeliveries(
  operations: SqlDatabase,
  { endpointId, now, leaseEndsAt, limit }: { endpointId: string; now: Date; leaseEndsAt: Date; limit: number },
): Promise<ClaimedDelivery[]> {
  const [claimed] = await operations.query<[ClaimedDelivery[], number]>(
    `UPDATE operations.webhook_delivery AS claimed
     SET attempts = attempts + 1, due_at = $3, claim = gen_random_uuid()
     FROM (
       SELECT delivery.id FROM operations.webhook_delivery AS delivery
       WHERE delivery.endpoint_id = $1 AND ${isClaimable('delivery', '$2')}
       ORDER BY delivery.due_at, delivery.sequence LIMIT $4 FOR UPDATE SKIP LOCKED
     ) AS next, operations.webhook_event AS event
     WHERE claimed.id = next.id AND event.id = claimed.event_id
     RETURNING claimed.id, claim, event_id AS "eventId", event_type AS "eventType", resource, claimed.sequence, body,
       attempts, queued_at AS "queuedAt"`,
    [endpointId, now, leaseEndsAt, limit],
  );
  return claimed;
}

/** Locks the endpoint before its deliveries, as those who disable or delete it do: the other way round is a deadlock. */
const lockEndpoint = (id: string, lock = 'SHARE') =>
  `endpoint AS MATERIALIZED (SELECT FROM operations.webhook_endpoint WHERE id = ${id} FOR ${lock})`;

/**
 * Records attempts, in the log and in their deliveries. A claim that was lost to another process, a replay or a user records
 * nothing, unless it was delivered.
 */
export async function settleDeliveries(
  operations: SqlDatabase,
  { endpointId, results, now }: { endpointId: string; results: AttemptResult[]; now: Date },
): Promise<void> {
  const rows = results.map(({ delivery, ...result }) => ({ id: delivery.id, claim: delivery.claim, ...result }));
  await operations.query(
    `WITH ${lockEndpoint('$3')}, result AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS result (id uuid, claim uuid, state text, "dueAt" timestamptz,
         "startedAt" timestamptz, "durationMs" integer, status integer, error text, excerpt text)
     ), settled AS (
       UPDATE operations.webhook_delivery AS delivery
       SET state = result.state, due_at = coalesce(result."dueAt", due_at), claim = NULL, last_status = status,
         last_error = result.error, finished_at = CASE WHEN result.state <> 'PENDING' THEN $2::timestamptz END
       FROM result
       WHERE EXISTS (SELECT FROM endpoint) AND delivery.id = ANY ($4::uuid[]) AND delivery.id = result.id AND (delivery.claim = result.claim
         OR (result.state = 'DELIVERED' AND delivery.state <> 'DELIVERED'))
       RETURNING delivery.organization_id, delivery.id
     )
     INSERT INTO operations.webhook_attempt
       (organization_id, delivery_id, started_at, duration_ms, status, error, response_excerpt)
     SELECT settled.organization_id, settled.id, "startedAt", "durationMs", status, error, excerpt
     FROM result JOIN settled ON settled.id = result.id ORDER BY "startedAt"`,
    [JSON.stringify(rows), now, endpointId, rows.map(({ id }) => id)],
  );
}

/** Lets later deliveries of the resources wait as long as those that are tried again: they could not be claimed anyway. */
export async function deferSuccessors(
  operations: SqlDatabase,
  { endpointId, results }: { endpointId: string; results: AttemptResult[] },
): Promise<void> {
  const retried = results.flatMap(({ delivery: { resource, sequence }, dueAt }) =>
    dueAt ? { resource, sequence, dueAt } : [],
  );
  if (retried.length === 0) return;
  await operations.query(
    `WITH ${lockEndpoint('$1')}
     UPDATE operations.webhook_delivery AS later SET due_at = retried."dueAt"
     FROM jsonb_to_recordset($2::jsonb) AS retried (resource text, sequence bigint, "dueAt" timestamptz)
     WHERE EXISTS (SELECT FROM endpoint) AND later.endpoint_id = $1 AND later.state = 'PENDING' AND later.resource = retried.resource
       AND later.sequence > retried.sequence AND later.due_at < retried."dueAt"`,
    [endpointId, JSON.stringify(retried)],
  );
}

/** How exactly it is recorded when an endpoint that works was tried. */
const RECORDED_EVERY = '10 seconds';

/** Records when an endpoint was tried, and since when it fails. Returns since when; null = something was delivered. */
export async function recordEndpointAttempt(
  operations: SqlDatabase,
  { id, isDelivered, now }: { id: string; isDelivered: boolean; now: Date },
): Promise<Date | null> {
  const [[endpoint]] = await operations.query<[{ failingSince: Date | null }[], number]>(
    `UPDATE operations.webhook_endpoint
     SET last_attempt_at = $2, failing_since = CASE WHEN NOT $3::boolean THEN coalesce(failing_since, $2) END
     WHERE id = $1 AND NOT ($3 AND failing_since IS NULL AND last_attempt_at > $2::timestamptz - interval '${RECORDED_EVERY}')
     RETURNING failing_since AS "failingSince"`,
    [id, now, isDelivered],
  );
  return endpoint?.failingSince ?? null;
}

/** Skips what was queued for an endpoint while it was being disabled. */
export async function skipPending(operations: SqlDatabase, { id, now }: { id: string; now: Date }): Promise<void> {
  await operations.query(
    `WITH ${lockEndpoint('$1', 'NO KEY UPDATE')}
     UPDATE operations.webhook_delivery SET state = 'SKIPPED', finished_at = $2, claim = NULL
     WHERE EXISTS (SELECT FROM endpoint) AND endpoint_id = $1 AND state = 'PENDING'`,
    [id, now],
  );
}

const KEEP_DAYS = 30;
const ROWS_AT_ONCE = 1_000;

/** Deletes events of more than 30 days ago that no endpoint waits for, with their deliveries and attempts. */
export async function trimWebhookEvents(operations: SqlDatabase, { now }: { now: Date }): Promise<void> {
  const before = new Date(now.getTime() - KEEP_DAYS * 24 * 60 * 60 * 1000);
  let count: number;
  do {
    [, count] = await operations.query<[unknown, number]>(
      `DELETE FROM operations.webhook_event WHERE id IN (
         SELECT id FROM operations.webhook_event AS event
         WHERE occurred_at < $1 AND NOT EXISTS (
           SELECT FROM operations.webhook_delivery WHERE event_id = event.id AND state = 'PENDING')
         ORDER BY occurred_at LIMIT ${ROWS_AT_ONCE})`,
      [before],
    );
  } while (count === ROWS_AT_ONCE);
}
