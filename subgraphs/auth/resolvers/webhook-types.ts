import type {
  WebhookAttemptResolvers,
  WebhookDeliveryResolvers,
  WebhookEndpointResolvers,
} from '#auth/resolver-types.js';
import { EVERY_TYPE } from '#auth/services/webhook/endpoint-input.js';
import { listDeliveries } from '#auth/services/webhook/list-deliveries.js';
import { NotFound } from '#runtime/errors.js';

export const WebhookEndpoint: WebhookEndpointResolvers = {
  eventTypes: ({ eventTypes }) => eventTypes ?? [EVERY_TYPE],
  isEnabled: ({ disabledReason }) => disabledReason === null,
  previousSecretUntil: ({ previousSecretUntil: until }, _args, { services }) =>
    until && until > services.now() ? until : null,
  createdBy: ({ createdBy }, _args, { personById }) => (createdBy ? personById.load(createdBy) : null),
  deliveries: ({ organizationId, id: endpointId }, given, context) =>
    listDeliveries(context, { organizationId, endpointId, ...given }),
};

export const WebhookDelivery: WebhookDeliveryResolvers = {
  occurredAt: ({ createdAt }) => createdAt,
  payload: ({ body }) => JSON.parse(body),
  endpoint: async ({ endpointId }, _args, { webhookEndpointById }) => {
    const endpoint = await webhookEndpointById.load(endpointId);
    if (!endpoint) throw new NotFound('webhook endpoint');
    return endpoint;
  },
  attemptCount: ({ attempts }) => attempts,
  attempts: ({ id }, _args, { attemptsByDelivery }) => attemptsByDelivery.load(id),
};

export const WebhookAttempt: WebhookAttemptResolvers = {
  // Receivers may repeat the payload, which is closed to keys.
  responseExcerpt: ({ responseExcerpt }, _args, { identity }) => (identity.kind === 'user' ? responseExcerpt : null),
};
