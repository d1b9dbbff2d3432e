import { z } from 'zod';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';

const id = (of: string) => z.string().describe(`Id of ${of}.`);
const instant = (of: string) => z.iso.datetime().describe(`${of}, RFC 3339 in UTC.`);
const day = (of: string) => z.iso.date().describe(`${of} of its figures.`);

const report = {
  reportId: id('the report'),
  title: z.string().describe('Its title.'),
  templateId: id('its template'),
  rangeStart: day('The first day'),
  rangeEnd: day('The last day'),
};
const connection = {
  connectionId: id('the connection'),
  providerId: id('its provider, for example `google-ads`'),
};
const alert = z.object({
  alertId: id('the alert'),
  ruleId: id('its rule'),
  kind: z.string().describe('What the rule watches, as in `AlertKind`.'),
  state: z.enum(['RAISED', 'RESOLVED']).describe('Whether it is over.'),
  target: z.string().describe('The name of what it is about.'),
  message: z.string().describe('What was found, or why it is over, in words.'),
});
const role = z.enum(['OWNER', 'ADMIN', 'ANALYST', 'VIEWER']);
const member = { userId: id('the user') };
const apiKey = { apiKeyId: id('the key'), name: z.string().describe('Its name.') };

interface EventTypeDefinition<Data extends z.ZodObject> {
  /** What happened, and where more of it is read. */
  description: string;
  /** The scope that opens the same to an API key; null = it takes a person. */
  scope: ApiKeyScope | null;
  data: Data;
  /** The field of the data that names its resource: events of one resource are delivered in order. */
  resource: keyof z.infer<Data> & string;
  example: z.input<Data>;
}

const eventType = <Data extends z.ZodObject>(definition: EventTypeDefinition<Data>) => definition;

/** The id in the examples. */
export const EXAMPLE_ID = '0b8f0d9e-6c1f-4a50-9f0e-3f2f5a1d7c11';
const exampleReport = {
  reportId: EXAMPLE_ID,
  title: 'Campaign performance',
  templateId: 'campaign-performance',
  rangeStart: '2026-10-01',
  rangeEnd: '2026-10-31',
};
const exampleConnection = { connectionId: EXAMPLE_ID, providerId: 'google-ads' };
const exampleAlert = { alertId: EXAMPLE_ID, ruleId: EXAMPLE_ID, state: 'RAISED' as const, target: 'Northwind Outdoor' };
const exampleKey = { apiKeyId: EXAMPLE_ID, name: 'Warehouse' };

/** Every type of event that webhooks deliver, part of the public contract: a type or a field stays once it is published. */
export const webhookEventTypes = {
  'report.ready': eventType({
    description: 'A report is ready: its rows can be read with `report(id)` and downloaded.',
    scope: 'read:reports',
    data: z.object({
      ...report,
      rowCount: z.int().min(0).describe('How many rows it has.'),
      unavailableAccountCount: z.int().min(0).describe('How many accounts it leaves out, as they could not be read.'),
    }),
    resource: 'reportId',
    example: { ...exampleReport, rowCount: 42, unavailableAccountCount: 0 },
  }),
  'report.failed': eventType({
    description: 'A report could not be generated.',
    scope: 'read:reports',
    data: z.object({
      ...report,
      code: z.string().describe('An error code of the API.'),
      message: z.string().describe('What went wrong, and what to do.'),
    }),
    resource: 'reportId',
    example: { ...exampleReport, code: 'RECONNECT_REQUIRED', message: 'Google Ads must be connected again.' },
  }),
  'connection.connected': eventType({
    description: 'A provider was connected for the first time, or again after it was disconnected.',
    scope: 'read:connections',
    data: z.object({ ...connection, accountCount: z.int().min(0).describe('How many accounts it opens.') }),
    resource: 'connectionId',
    example: { ...exampleConnection, accountCount: 3 },
  }),
  'connection.broken': eventType({
    description: 'A provider no longer accepts the access: its user must connect it again. `connection(id)` has more.',
    scope: 'read:connections',
    data: z.object({
      ...connection,
      fault: z.string().describe('What is wrong, as in `FaultCode`.'),
      reason: z.string().describe('What is wrong, and what to do.'),
    }),
    resource: 'connectionId',
    example: {
      ...exampleConnection,
      fault: 'TOKEN_REVOKED',
      reason: 'Google Ads no longer accepts our access, which was withdrawn or has run out: connect it again.',
    },
  }),
  'connection.recovered': eventType({
    description: 'A connection that was broken works again.',
    scope: 'read:connections',
    data: z.object({ ...connection, accountCount: z.int().min(0).describe('How many accounts it opens.') }),
    resource: 'connectionId',
    example: { ...exampleConnection, accountCount: 3 },
  }),
  'connection.removed': eventType({
    description: 'A provider was disconnected, and its tokens deleted.',
    scope: 'read:connections',
    data: z.object(connection),
    resource: 'connectionId',
    example: exampleConnection,
  }),
  'budget.alert': eventType({
    description:
      'A budget is over or under its pace, or no longer: `state` says which. `Organization.alerts` has more.',
    scope: 'read:campaigns',
    data: alert,
    resource: 'alertId',
    example: {
      ...exampleAlert,
      kind: 'OVER_PACE',
      message: '20 % more than planned through Thursday 19 November: 7600.00 EUR instead of 6333.33 EUR, 11 days left.',
    },
  }),
  'figures.alert': eventType({
    description: 'An alert rule about figures or connections found something, or it is over: `state` says which.',
    scope: 'read:campaigns',
    data: alert,
    resource: 'alertId',
    example: {
      ...exampleAlert,
      kind: 'SPEND_UNUSUAL',
      message: 'Spent 412.00 EUR on Thursday 19 November, usually 180.00 EUR to 240.00 EUR on Thursdays (the last 8).',
    },
  }),
  'member.joined': eventType({
    description: 'A user became a member of the organization.',
    scope: 'read:organization',
    data: z.object({ ...member, role: role.describe('The role of the member.') }),
    resource: 'userId',
    example: { userId: EXAMPLE_ID, role: 'ANALYST' },
  }),
  'member.removed': eventType({
    description: 'A membership ended: the member was removed, left, or deleted the account.',
    scope: 'read:organization',
    data: z.object(member),
    resource: 'userId',
    example: { userId: EXAMPLE_ID },
  }),
  'member.role_changed': eventType({
    description: 'A member has another role.',
    scope: 'read:organization',
    data: z.object({
      ...member,
      role: role.describe('The new role.'),
      previousRole: role.describe('The role before.'),
    }),
    resource: 'userId',
    example: { userId: EXAMPLE_ID, role: 'ADMIN', previousRole: 'ANALYST' },
  }),
  'api_key.created': eventType({
    description: 'An API key was created.',
    scope: null,
    data: z.object({
      ...apiKey,
      scopes: z.array(z.string()).describe('Its scopes.'),
      expiresAt: instant('When it expires'),
    }),
    resource: 'apiKeyId',
    example: { ...exampleKey, scopes: ['read:reports'], expiresAt: '2027-10-31T09:00:00.000Z' },
  }),
  'api_key.rotated': eventType({
    description: 'An API key has a new secret.',
    scope: null,
    data: z.object({ ...apiKey, expiresAt: instant('When the new secret expires') }),
    resource: 'apiKeyId',
    example: { ...exampleKey, expiresAt: '2027-10-31T09:00:00.000Z' },
  }),
  'api_key.revoked': eventType({
    description: 'An API key was revoked: it does not work any more.',
    scope: null,
    data: z.object(apiKey),
    resource: 'apiKeyId',
    example: exampleKey,
  }),
  'api_key.expiring': eventType({
    description: 'An API key expires within 7 days.',
    scope: null,
    data: z.object({ ...apiKey, expiresAt: instant('When it expires') }),
    resource: 'apiKeyId',
    example: { ...exampleKey, expiresAt: '2026-11-07T09:00:00.000Z' },
  }),
  'subscription.changed': eventType({
    description: 'What the organization may use has changed, for example when its trial starts.',
    scope: 'read:billing',
    data: z.object({
      subscriptionId: id('the subscription'),
      planId: id('its plan'),
      status: z.string().describe('Its state, as in `SubscriptionStatus`.'),
      trialEndsAt: instant('When the trial ends or ended'),
    }),
    resource: 'subscriptionId',
    example: {
      subscriptionId: EXAMPLE_ID,
      planId: 'pro',
      status: 'TRIALING',
      trialEndsAt: '2026-11-14T09:00:00.000Z',
    },
  }),
  'webhook.test': eventType({
    description: 'A test event, sent by `sendTestWebhook` to one endpoint, whatever types it has subscribed to.',
    scope: 'write:webhooks',
    data: z.object({ endpointId: id('the endpoint') }),
    resource: 'endpointId',
    example: { endpointId: EXAMPLE_ID },
  }),
} as const;

export type WebhookEventType = keyof typeof webhookEventTypes;

/** The data of an event of this type. */
export type WebhookEventData<Type extends WebhookEventType> = z.infer<(typeof webhookEventTypes)[Type]['data']>;

/** The types an endpoint can subscribe to. */
export const subscribableEventTypes = (Object.keys(webhookEventTypes) as WebhookEventType[]).filter(
  (type) => type !== 'webhook.test',
);

/** Whether a text names a type of event. */
export function isWebhookEventType(text: string): text is WebhookEventType {
  return Object.hasOwn(webhookEventTypes, text);
}

/** Whether a text names a type an endpoint can subscribe to. */
export function isSubscribableEventType(text: string): text is WebhookEventType {
  return (subscribableEventTypes as string[]).includes(text);
}

/** Returns what an event is ordered by: events of one resource reach an endpoint in the order they happened. */
export function resourceOfEvent<Type extends WebhookEventType>(type: Type, data: WebhookEventData<Type>): string {
  const { resource } = webhookEventTypes[type];
  return `${resource}:${String((data as Record<string, unknown>)[resource])}`;
}

/** A type of event as it is published. */
export interface WebhookEventTypeDescription {
  name: WebhookEventType;
  description: string;
  scope: ApiKeyScope | null;
  /** JSON Schema (draft 2020-12) of the body of a request. Fields may be added to it. */
  schema: Record<string, unknown>;
  example: { type: WebhookEventType; timestamp: string; data: Record<string, unknown> };
}

/** Returns every type of event with the JSON Schema and an example of its requests. */
export function describeWebhookEventTypes(): WebhookEventTypeDescription[] {
  return (Object.keys(webhookEventTypes) as WebhookEventType[]).map((name) => {
    const { description, scope, data, example } = webhookEventTypes[name];
    const body = z.object({
      type: z.literal(name),
      timestamp: instant('When it happened'),
      data,
    });
    const schema = z.toJSONSchema(body, {
      io: 'input',
      // A format says the same as the pattern zod adds to it.
      override: ({ jsonSchema }) => {
        if (jsonSchema.format) delete jsonSchema.pattern;
      },
    }) as Record<string, unknown>;
    return {
      name,
      description,
      scope,
      schema,
      example: { type: name, timestamp: '2026-10-31T09:00:00.000Z', data: example },
    };
  });
}

const HEAD = '| Event | Data | Scope of a key |\n|---|---|---|\n';

/** Returns the table of event types in Markdown. */
export function printWebhookEventTypes(): string {
  const rows = Object.entries(webhookEventTypes).map(([name, { description, data, scope }]) => {
    const fields = Object.keys(data.shape).map((field) => `\`${field}\``);
    return `| **\`${name}\`**: ${description} | ${fields.join(' ')} | ${scope ? `\`${scope}\`` : '–'} |\n`;
  });
  return HEAD + rows.join('');
}
