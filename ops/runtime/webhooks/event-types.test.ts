import { describe, expect, it } from '@jest/globals';
import {
  describeWebhookEventTypes,
  isSubscribableEventType,
  resourceOfEvent,
  subscribableEventTypes,
  webhookEventTypes,
} from './event-types.js';

describe.each(describeWebhookEventTypes())('the event type $name', ({ name, description, schema, example }) => {
  const { data, resource } = webhookEventTypes[name];

  it('has a sentence, and an example that its schema accepts, complete', () => {
    expect(description).toMatch(/^[A-Z].+\.$/);
    expect(data.strict().parse(example.data)).toEqual(example.data);
  });

  it('describes every field, and forbids no further ones', () => {
    const { properties } = schema as any;
    expect(properties.type).toMatchObject({ const: name });
    expect(properties.timestamp).toMatchObject({ type: 'string', format: 'date-time' });
    const fields = Object.values<any>(properties.data.properties);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) expect(field.description).toMatch(/\.$/);
    expect(JSON.stringify(schema)).not.toMatch(/additionalProperties|"pattern"/);
  });

  it('names the resource it is ordered by', () => {
    expect(resourceOfEvent(name, example.data as never)).toBe(
      `${resource}:${(example.data as Record<string, unknown>)[resource]}`,
    );
  });
});

it('subscriptions are to any type but the test event', () => {
  const all = Object.keys(webhookEventTypes);
  expect(all.filter((type) => !isSubscribableEventType(type))).toEqual(['webhook.test']);
  expect(subscribableEventTypes).toHaveLength(all.length - 1);
  expect(isSubscribableEventType('constructor')).toBe(false);
});
