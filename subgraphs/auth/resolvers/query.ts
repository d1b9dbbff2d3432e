import type { QueryResolvers } from '#auth/resolver-types.js';
import { findApiKeyIdentity } from '#auth/services/api-key/find-api-key-identity.js';
import { previewInvitation } from '#auth/services/invitation/find-invitations.js';
import { findSessionIdentity } from '#auth/services/session/find-session-identity.js';
import { getDelivery } from '#auth/services/webhook/get-delivery.js';
import { NotFound } from '#runtime/errors.js';
import { apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import { describeWebhookEventTypes } from '#runtime/webhooks/event-types.js';

export const Query: QueryResolvers = {
  me: (_root, _args, { identity, personById }) => (identity.userId ? personById.load(identity.userId) : null),
  organization: (_root, _args, { identity, organizationById }) =>
    identity.organizationId ? organizationById.load(identity.organizationId) : null,
  invitation: (_root, given, context) => previewInvitation(context, given),
  sessionIdentity: (_root, given, context) => findSessionIdentity(context, given),
  apiKeyScopes: () => [...apiKeyScopes],
  webhookEventTypes: () => describeWebhookEventTypes(),
  webhookEndpoint: async (_root, { id }, { webhookEndpointById }) => {
    const endpoint = await webhookEndpointById.load(id);
    if (!endpoint) throw new NotFound('webhook endpoint');
    return endpoint;
  },
  webhookDelivery: (_root, { id }, context) => getDelivery(context, { deliveryId: id }),
  apiKeyIdentity: (_root, given, context) => findApiKeyIdentity(context, given),
};
