import { API_VERSION } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import {
  type Call,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  array,
  boolean,
  emptyable,
  metadata,
  oneOf,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { eventTypes } from './event-types.js';

const MAX_ENDPOINTS = 16;

const events = array(text(), { max: 300 });
const createFields = {
  api_version: text(),
  connect: boolean(),
  description: emptyable(text()),
  enabled_events: required(events),
  metadata: metadata(),
  url: required(text()),
};
const updateFields = {
  description: emptyable(text()),
  disabled: boolean(),
  enabled_events: events,
  metadata: metadata(),
  url: text(),
};

export const webhookEndpointOperations: readonly Operation[] = [
  operation('POST', '/v1/webhook_endpoints', createFields, create),
  operation('GET', '/v1/webhook_endpoints/{id}', {}, ({ account, id }) => account.get('webhook_endpoint', id)),
  operation('POST', '/v1/webhook_endpoints/{id}', updateFields, update),
  operation('DELETE', '/v1/webhook_endpoints/{id}', {}, ({ account, id }) =>
    account.delete(account.get('webhook_endpoint', id)),
  ),
  operation('GET', '/v1/webhook_endpoints', pageFields, ({ account, params, path }) =>
    pageOf(account.list('webhook_endpoint'), { params, path }),
  ),
];

/** The secret is shown here and never again. */
function create({ account, params }: Call<Values<typeof createFields>>) {
  checkUrl(params.url);
  checkEvents(params.enabled_events);
  if (params.api_version !== undefined) oneOf(API_VERSION).read(params.api_version, 'api_version');
  if (params.connect) throw invalidRequest('You do not have Connect enabled on this account.', { param: 'connect' });
  if (account.list('webhook_endpoint').length >= MAX_ENDPOINTS)
    throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`);
  const endpoint = account.add('webhook_endpoint', {
    api_version: params.api_version ?? null,
    application: null,
    created: account.now(),
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergedMetadata({}, params.metadata),
    status: 'enabled',
    url: params.url,
  });
  const secret = `whsec_${randomText(32)}`;
  account.extra(endpoint.id).secret = secret;
  return { ...endpoint, secret };
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): Objects['webhook_endpoint'] {
  const endpoint = account.get('webhook_endpoint', id);
  if (params.url !== undefined) checkUrl(params.url);
  if (params.enabled_events !== undefined) checkEvents(params.enabled_events);
  return account.change(endpoint, {
    ...(params.description !== undefined && { description: params.description }),
    ...(params.disabled !== undefined && { status: params.disabled ? 'disabled' : 'enabled' }),
    ...(params.enabled_events !== undefined && { enabled_events: params.enabled_events }),
    ...(params.url !== undefined && { url: params.url }),
    metadata: mergedMetadata(endpoint.metadata, params.metadata),
  });
}

/** Refuses what is no address of HTTP. */
export function checkUrl(url: string): void {
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:')
    throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
      code: 'url_invalid',
      param: 'url',
    });
}

function checkEvents(names: readonly string[]): void {
  const position = names.findIndex((name) => name !== '*' && !eventTypes.includes(name));
  if (position >= 0)
    throw invalidRequest(`Invalid enabled_events[${position}]: ${names[position]} is not a type of event`, {
      param: `enabled_events[${position}]`,
    });
  if (names.includes('*') && names.length > 1)
    throw invalidRequest("The '*' event type cannot be combined with others.", { param: 'enabled_events' });
  if (names.length === 0) throw invalidRequest('Invalid array', { param: 'enabled_events' });
}
