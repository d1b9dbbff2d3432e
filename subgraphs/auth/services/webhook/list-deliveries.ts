import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import {
  listWebhookDeliveries,
  type WebhookDelivery,
  type WebhookDeliveryState,
} from '#runtime/webhooks/deliveries.js';
import { isWebhookEventType, type WebhookEventType } from '#runtime/webhooks/event-types.js';
import { EVERY_TYPE } from './endpoint-input.js';

const MAX_SEQUENCE = 2n ** 63n;

const isSequence = (text: string) => /^\d{1,19}$/.test(text) && BigInt(text) < MAX_SEQUENCE;

const position = z.tuple([z.string().refine(isSequence)]);

function typesOf(eventType: string | null | undefined): WebhookEventType[] | null {
  if (eventType === null || eventType === undefined || eventType === EVERY_TYPE) return null;
  if (isWebhookEventType(eventType)) return [eventType];
  throw new InvalidInput([{ argument: 'eventType', problem: 'is not a type of event: see Query.webhookEventTypes' }]);
}

interface DeliveriesQuery extends PageArguments {
  organizationId: string;
  endpointId: string;
  state?: WebhookDeliveryState | null;
  eventType?: string | null;
}

/** Returns a page of an endpoint's deliveries, the newest first. Throws InvalidInput. */
export async function listDeliveries(
  { manager }: ServiceContext,
  { organizationId, endpointId, state, eventType, ...page }: DeliveriesQuery,
): Promise<Page<WebhookDelivery>> {
  checkPageSize(page.first);
  const deliveries = await listWebhookDeliveries(manager, {
    organizationId,
    endpointId,
    states: state ? [state] : null,
    eventTypes: typesOf(eventType),
    before: page.after ? readCursor(position, page.after)[0] : undefined,
    limit: page.first + 1,
  });
  return pageOf(deliveries, page, ({ sequence }) => [sequence]);
}
