import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { type Call, type Operation, operation } from '#simulator/stripe/operation.js';
import { array, object, oneOf, required, text, type Values } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { checkUrl } from './endpoints.js';
import { thinEventTypes } from './thin-events.js';

const createFields = {
  description: text(),
  enabled_events: required(array(text(), { max: 300 })),
  event_payload: required(oneOf('thin')),
  include: array(oneOf('webhook_endpoint.signing_secret', 'webhook_endpoint.url')),
  name: required(text({ max: 250 })),
  type: required(oneOf('webhook_endpoint')),
  webhook_endpoint: required(object({ url: required(text()) })),
};

const ROOT = '/v2/core/event_destinations';

/** Where thin events are sent: https://docs.stripe.com/api/v2/core/event-destinations */
export const eventDestinationOperations: readonly Operation[] = [
  operation('POST', ROOT, createFields, create, ['amazon_eventbridge', 'azure_event_grid', 'events_from', 'metadata']),
  operation('GET', `${ROOT}/{id}`, { include: array(text()) }, ({ account, id }) => shownTo(account.get(KIND, id), [])),
  operation('DELETE', `${ROOT}/{id}`, {}, ({ account, id }) => {
    account.forget(account.get(KIND, id).id);
    return { id, object: KIND };
  }),
  operation('GET', '/v2/core/events/{id}', {}, ({ account, id }) => account.get('v2.core.event', id)),
];

const KIND = 'v2.core.event_destination';
type Destination = Objects[typeof KIND];

/** The secret is shown here, to those who ask for it, and never again. */
function create({ account, params }: Call<Values<typeof createFields>>): Destination {
  const { url } = params.webhook_endpoint;
  checkUrl(url);
  const unknown = params.enabled_events.find((name) => name !== '*' && !thinEventTypes.includes(name));
  if (unknown !== undefined)
    throw invalidRequest(`${unknown} is not a type of event that can be thin here.`, { param: 'enabled_events' });
  const created = new Date(account.now() * 1000).toISOString();
  const destination = account.add(KIND, {
    created,
    description: params.description ?? '',
    enabled_events: params.enabled_events,
    event_payload: params.event_payload,
    events_from: ['self'],
    livemode: false,
    name: params.name,
    status: 'enabled',
    type: params.type,
    updated: created,
    webhook_endpoint: { url },
  });
  const secret = `whsec_${randomText(32)}`;
  account.extra(destination.id).secret = secret;
  return shownTo(destination, params.include ?? [], secret);
}

function shownTo(destination: Destination, include: readonly string[], secret?: string): Destination {
  const isSecretShown = secret !== undefined && include.includes('webhook_endpoint.signing_secret');
  return {
    ...destination,
    webhook_endpoint: { ...destination.webhook_endpoint, ...(isSecretShown && { signing_secret: secret }) },
  };
}

/** Returns the destinations that a type of thin event is sent to. */
export function destinationsOf(account: StripeAccount, type: string): Destination[] {
  return account.list(KIND).filter(({ enabled_events: names }) => names.some((name) => name === '*' || name === type));
}
