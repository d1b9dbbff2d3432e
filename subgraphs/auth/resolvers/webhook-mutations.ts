import type { MutationResolvers } from '#auth/resolver-types.js';
import {
  cancelWebhookDelivery,
  replayFailedWebhooks,
  replayWebhookDelivery,
} from '#auth/services/webhook/change-delivery.js';
import { createWebhookEndpoint } from '#auth/services/webhook/create-webhook-endpoint.js';
import { deleteWebhookEndpoint } from '#auth/services/webhook/delete-webhook-endpoint.js';
import { rotateWebhookSecret } from '#auth/services/webhook/rotate-webhook-secret.js';
import { sendTestWebhook } from '#auth/services/webhook/send-test-webhook.js';
import { switchWebhookEndpoint } from '#auth/services/webhook/switch-webhook-endpoint.js';
import { updateWebhookEndpoint } from '#auth/services/webhook/update-webhook-endpoint.js';

/** Mutations of webhook endpoints and their deliveries. */
export const webhookMutations: MutationResolvers = {
  createWebhookEndpoint: (_root, given, context) => createWebhookEndpoint(context, given),
  updateWebhookEndpoint: async (_root, given, context) => ({ endpoint: await updateWebhookEndpoint(context, given) }),
  deleteWebhookEndpoint: (_root, given, context) => deleteWebhookEndpoint(context, given),
  enableWebhookEndpoint: async (_root, given, context) => ({
    endpoint: await switchWebhookEndpoint(context, { ...given, isEnabled: true }),
  }),
  disableWebhookEndpoint: async (_root, given, context) => ({
    endpoint: await switchWebhookEndpoint(context, { ...given, isEnabled: false }),
  }),
  rotateWebhookSecret: (_root, given, context) => rotateWebhookSecret(context, given),
  sendTestWebhook: async (_root, given, context) => ({ delivery: await sendTestWebhook(context, given) }),
  replayWebhookDelivery: async (_root, given, context) => ({ delivery: await replayWebhookDelivery(context, given) }),
  replayFailedWebhooks: (_root, given, context) => replayFailedWebhooks(context, given),
  cancelWebhookDelivery: async (_root, given, context) => ({ delivery: await cancelWebhookDelivery(context, given) }),
};
