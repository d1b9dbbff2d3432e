import { randomUUID } from 'node:crypto';
import { NotFound } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import { resourceOfEvent, type WebhookEventData, type WebhookEventType } from './event-types.js';

/** Something that happened in an organization, for its webhooks. */
export interface WebhookEvent<Type extends WebhookEventType = WebhookEventType> {
  organizationId: string;
  type: Type;
  data: WebhookEventData<Type>;
  occurredAt: Date;
  /** From when its retries count; absent = it is queued when it happens. */
  queuedAt?: Date;
  /** An idempotency key, for 30 days. */
  key?: string;
}

const newEventId = () => `msg_${randomUUID().replaceAll('-', '')}`;

function bodyOf({ type, data, occurredAt }: WebhookEvent): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
}

// FOR KEY SHARE: an endpoint that is being deleted is waited for, and then gone, where the foreign key would fail the cause.
const INSERT = (endpoints: string) => `
  WITH endpoint AS MATERIALIZED (
    SELECT id, disabled_reason FROM operations.webhook_endpoint
    WHERE organization_id = $2::uuid AND ${endpoints} FOR KEY SHARE
  ), event AS (
    INSERT INTO operations.webhook_event (id, organization_id, type, body, key, occurred_at)
    SELECT $1::text, $2::uuid, $3::text, $5::text, $7::text, $6::timestamptz WHERE EXISTS (SELECT FROM endpoint)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, sequence
  )
  INSERT INTO operations.webhook_delivery
    (organization_id, endpoint_id, event_id, event_type, resource, sequence, state, queued_at, due_at, created_at, finished_at)
  SELECT $2::uuid, endpoint.id, event.id, $3::text, $4::text, event.sequence,
    CASE WHEN disabled_reason IS NULL THEN 'PENDING' ELSE 'SKIPPED' END,
    $8::timestamptz, $8::timestamptz, $8::timestamptz, CASE WHEN disabled_reason IS NOT NULL THEN $8::timestamptz END
  FROM event, endpoint
  RETURNING id`;

const SUBSCRIBED = INSERT('(event_types IS NULL OR $3::text = ANY (event_types))');
const ONE = INSERT('id = $9::uuid');

const parametersOf = (event: WebhookEvent) => [
  ...[newEventId(), event.organizationId, event.type, resourceOfEvent(event.type, event.data as never)],
  ...[bodyOf(event), event.occurredAt, event.key ?? null, event.queuedAt ?? event.occurredAt],
];

/**
 * Queues an event for the organization's endpoints that want its type, in the transaction of its cause: it is delivered if
 * and only if that commits. Call it once the resource is locked, as events of a resource are delivered in the order of these
 * calls, and before `recordAudit`; after the commit `deliverWebhooksSoon`. Disabled endpoints get it as skipped. Returns
 * whether there is an endpoint for it.
 */
export async function queueWebhookEvent<Type extends WebhookEventType>(
  manager: SqlDatabase,
  event: WebhookEvent<Type>,
): Promise<boolean> {
  const deliveries = await manager.query<unknown[]>(SUBSCRIBED, parametersOf(event as unknown as WebhookEvent));
  return deliveries.length > 0;
}

/** Queues a test event for one endpoint, whatever it subscribed to. Returns the id of its delivery. Throws NotFound. */
export async function queueTestEvent(
  manager: SqlDatabase,
  { organizationId, endpointId, occurredAt }: { organizationId: string; endpointId: string; occurredAt: Date },
): Promise<string> {
  const event: WebhookEvent<'webhook.test'> = {
    organizationId,
    type: 'webhook.test',
    data: { endpointId },
    occurredAt,
  };
  const parameters = parametersOf(event as unknown as WebhookEvent);
  const [delivery] = await manager.query<{ id: string }[]>(ONE, [...parameters, endpointId]);
  if (!delivery) throw new NotFound('webhook endpoint');
  return delivery.id;
}
