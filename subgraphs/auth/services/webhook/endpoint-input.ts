import { z } from 'zod';
import { storableText } from '#runtime/database/storable-text.js';
import { Forbidden } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { WebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import {
  isSubscribableEventType,
  subscribableEventTypes,
  type WebhookEventType,
  webhookEventTypes,
} from '#runtime/webhooks/event-types.js';

/** Means every type of event. */
export const EVERY_TYPE = '*';

const MAX_DESCRIPTION = 200;

/** Types of events as clients give them; null = every type. */
export const eventTypesInput = z
  .array(z.string())
  .min(1, 'must name at least one type of event, or *')
  .superRefine((types, problems) => {
    for (const [index, type] of types.entries()) {
      if (type === EVERY_TYPE || isSubscribableEventType(type)) continue;
      problems.addIssue({
        code: 'custom',
        path: [index],
        message: 'is not a type of event: see Query.webhookEventTypes',
      });
    }
  })
  .transform((types) => (types.includes(EVERY_TYPE) ? null : ([...new Set(types)].sort() as WebhookEventType[])));

/** A description as clients give it: trimmed, at most 200 characters. */
export const descriptionInput = storableText
  .transform((text) => text.trim())
  .refine((text) => text.length <= MAX_DESCRIPTION, `must have at most ${MAX_DESCRIPTION} characters`);

/**
 * Throws Forbidden for an API key that would have an endpoint receive what its own scopes do not open; `eventTypes` null =
 * every type.
 */
export function requireEventScopes(
  { kind, scopes }: Identity,
  { eventTypes }: Pick<WebhookEndpoint, 'eventTypes'>,
): void {
  if (kind !== 'apiKey') return;
  for (const type of eventTypes ?? subscribableEventTypes) {
    const { scope } = webhookEventTypes[type];
    if (!scope) throw new Forbidden(`API keys may not choose the event ${type}: it takes a person who signs in.`);
    if (scopes.includes(scope)) continue;
    throw new Forbidden(`For the event ${type} this API key needs the scope ${scope}.`, { requiredScope: scope });
  }
}

/** Throws Forbidden for an API key other than the one that created an endpoint: it would go on there when the key is revoked. */
export function requireOwnEndpoint(
  { kind, apiKeyId }: Identity,
  { createdBy }: Pick<WebhookEndpoint, 'createdBy'>,
): void {
  if (kind !== 'apiKey' || createdBy === apiKeyId) return;
  throw new Forbidden('An API key can change the URL of endpoints that it created only.');
}

/** Returns the details of an endpoint for the audit trail, without the path of its URL, which may be a secret. */
export function endpointDetails({ url, eventTypes }: WebhookEndpoint): Record<string, unknown> {
  return { origin: new URL(url).origin, eventTypes: eventTypes ?? [EVERY_TYPE] };
}
