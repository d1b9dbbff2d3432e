import type { ListWebhookEndpointsQuery } from '#gateway/client/generated/types.js';

/** An endpoint as `ListWebhookEndpoints` answers it. */
export type Endpoint = NonNullable<NonNullable<ListWebhookEndpointsQuery['organization']>['webhookEndpoints']>[number];
