import { describeWebhookEventTypes, type WebhookEventType } from '#runtime/webhooks/event-types.js';
import type { JsonSchema, PathItem } from './document.js';

const header = (name: string, description: string, schema: JsonSchema) => ({
  name,
  in: 'header' as const,
  required: true,
  description,
  schema,
});

const parameters = [
  header('webhook-id', 'The id of the event: the same in every attempt.', { type: 'string' }),
  header('webhook-timestamp', 'When the attempt was made, in seconds since 1970.', {
    type: 'string',
    pattern: String.raw`^\d+$`,
  }),
  header('webhook-signature', 'Signatures as in Standard Webhooks, separated by spaces: verify one of them.', {
    type: 'string',
  }),
];

const responses = {
  204: { description: 'Received. So is any other status of 2xx.' },
  410: {
    description:
      'The endpoint no longer exists: it is disabled. Any other status is a failure, and the event is sent again.',
  },
};

/** `report.ready` is `onReportReady`. */
const operationIdOf = (name: WebhookEventType) =>
  `on${name
    .split(/[._]/)
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join('')}`;

/** Returns the requests that webhooks send, by type of event. */
export function describeWebhooks(): Record<string, PathItem> {
  return Object.fromEntries(
    describeWebhookEventTypes().map(({ name, description, schema: { $schema: _, ...schema }, example }) => [
      name,
      {
        post: {
          operationId: operationIdOf(name),
          tags: ['webhooks'],
          summary: `The event ${name}`,
          description,
          security: [],
          parameters,
          requestBody: { required: true, content: { 'application/json': { schema: schema as JsonSchema, example } } },
          responses,
        },
      },
    ]),
  );
}
