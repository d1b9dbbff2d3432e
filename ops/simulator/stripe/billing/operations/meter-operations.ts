import { DAY, HOUR, MINUTE } from '#simulator/stripe/billing/arithmetic/periods.js';
import { aggregate } from '#simulator/stripe/billing/meters/meter-usage.js';
import { rejectIfInvalid } from '#simulator/stripe/billing/meters/reject-events.js';
import type { Account } from '#simulator/stripe/billing/model.js';
import { randomText } from '#simulator/stripe/objects.js';
import { type Call, listOf, type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { object, oneOf, record, required, text, timestamp, type Values } from '#simulator/stripe/wire/rules.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';

const MAX_AGE_DAYS = 35;
const MAX_AHEAD_SECONDS = 5 * MINUTE;
const UNIQUE_HOURS = 24;
const MAX_SUMMARIES = 500;

const meterFields = {
  customer_mapping: object({ event_payload_key: required(text({ max: 100 })), type: required(oneOf('by_id')) }),
  default_aggregation: required(object({ formula: required(oneOf('count', 'last', 'sum')) })),
  display_name: required(text({ max: 250 })),
  event_name: required(text({ max: 100 })),
  event_time_window: oneOf('day', 'hour'),
  value_settings: object({ event_payload_key: required(text({ max: 100 })) }),
};

const eventFields = {
  event_name: required(text({ max: 100 })),
  identifier: text({ max: 100 }),
  payload: required(record(text({ max: 100 }))),
  timestamp: timestamp(),
};

const summaryFields = {
  ...pageFields,
  customer: required(text()),
  start_time: required(timestamp()),
  end_time: required(timestamp()),
  value_grouping_window: oneOf('day', 'hour'),
};

const ROOT = '/v1/billing/meters';

export const meterOperations: readonly Operation[] = [
  operation('POST', ROOT, meterFields, createMeter),
  operation('GET', ROOT, { ...pageFields, status: oneOf('active', 'inactive') }, ({ account, params, path }) =>
    pageOf(
      account.list('billing.meter').filter(({ status }) => params.status === undefined || status === params.status),
      { params, path },
    ),
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('billing.meter', id)),
  operation('POST', `${ROOT}/{id}`, { display_name: text({ max: 250 }) }, ({ account, params, id }) => {
    const meter = account.get('billing.meter', id);
    return account.change(
      meter,
      { display_name: params.display_name ?? meter.display_name, updated: account.now() },
      'billing.meter.updated',
    );
  }),
  operation('POST', `${ROOT}/{id}/deactivate`, {}, ({ account, id }) => switchMeter(account, id, 'inactive')),
  operation('POST', `${ROOT}/{id}/reactivate`, {}, ({ account, id }) => switchMeter(account, id, 'active')),
  operation('GET', `${ROOT}/{id}/event_summaries`, summaryFields, listSummaries),
  operation('POST', '/v1/billing/meter_events', eventFields, createEvent),
  operation(
    'POST',
    '/v1/billing/meter_event_adjustments',
    {
      cancel: object({ identifier: required(text({ max: 100 })) }),
      event_name: required(text({ max: 100 })),
      type: required(oneOf('cancel')),
    },
    ({ account, params }) => {
      const identifier = params.cancel?.identifier ?? '';
      const event = account
        .list('billing.meter_event')
        .find((one) => one.identifier === identifier && one.event_name === params.event_name);
      if (!event) throw noSuch('meter event', identifier, 'cancel[identifier]');
      if (event.created < account.now() - UNIQUE_HOURS * HOUR)
        throw invalidRequest('Meter events can only be cancelled within 24 hours of being received.', {
          param: 'cancel[identifier]',
        });
      account.extra(event.id).isCanceled = true;
      return {
        object: 'billing.meter_event_adjustment',
        cancel: { identifier },
        event_name: params.event_name,
        livemode: false,
        status: 'complete',
        type: 'cancel',
      };
    },
  ),
];

function createMeter({ account, params }: Call<Values<typeof meterFields>>) {
  const taken = account
    .list('billing.meter')
    .some(({ event_name, status }) => event_name === params.event_name && status === 'active');
  if (taken)
    throw invalidRequest(`An active meter with the event name ${params.event_name} already exists.`, {
      code: 'resource_already_exists',
      param: 'event_name',
    });
  const now = account.now();
  const meter = account.add('billing.meter', {
    created: now,
    customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: params.default_aggregation,
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: now,
    value_settings: params.value_settings ?? { event_payload_key: 'value' },
  });
  account.emit('billing.meter.created', meter);
  return meter;
}

function switchMeter(account: Account, id: string, status: 'active' | 'inactive') {
  const meter = account.get('billing.meter', id);
  if (meter.status === status) throw invalidRequest(`The meter is already ${status}.`);
  const now = account.now();
  account.change(meter, {
    status,
    status_transitions: { deactivated_at: status === 'inactive' ? now : null },
    updated: now,
  });
  account.emit(`billing.meter.${status === 'active' ? 'reactivated' : 'deactivated'}`, meter);
  return meter;
}

function createEvent({ account, params }: Call<Values<typeof eventFields>>) {
  const meter = account
    .list('billing.meter')
    .find(({ event_name, status }) => event_name === params.event_name && status === 'active');
  if (!meter)
    throw invalidRequest(`No active meter found for event name ${params.event_name}.`, {
      code: 'no_meter',
      param: 'event_name',
    });
  const customer = params.payload[meter.customer_mapping.event_payload_key];
  if (customer === undefined)
    throw invalidRequest(
      `The payload must have the key ${meter.customer_mapping.event_payload_key} with the id of a customer.`,
      { code: 'meter_event_no_customer_defined', param: 'payload' },
    );
  requireValue(meter.default_aggregation.formula, params.payload[meter.value_settings.event_payload_key]);
  const now = account.now(customer);
  const timestamp = params.timestamp ?? now;
  requireRecent(timestamp, now);
  const identifier = params.identifier ?? randomText(32);
  const isKnown = account
    .list('billing.meter_event')
    .some((one) => one.identifier === identifier && one.created > now - UNIQUE_HOURS * HOUR);
  if (isKnown)
    throw invalidRequest(`An event already exists with identifier ${identifier}.`, {
      code: 'duplicate_meter_event',
      param: 'identifier',
    });
  const stored = account.add('billing.meter_event', {
    created: now,
    event_name: params.event_name,
    identifier,
    livemode: false,
    payload: params.payload,
    timestamp,
  });
  rejectIfInvalid(account, meter, stored);
  const { id: _id, ...event } = stored;
  return event;
}

function requireValue(formula: string, value: string | undefined): void {
  if (formula === 'count' && value === undefined) return;
  if (value === undefined || !/^\d{1,15}(\.\d{1,12})?$/.test(value))
    throw invalidRequest(`The value of a meter event must be a number that is not negative; got ${value}.`, {
      code: 'meter_event_invalid_value',
      param: 'payload',
    });
}

function requireRecent(timestamp: number, now: number): void {
  const refuse = (code: string, message: string) => invalidRequest(message, { code, param: 'timestamp' });
  if (timestamp < now - MAX_AGE_DAYS * DAY)
    throw refuse('timestamp_too_far_in_past', `The timestamp must be within the past ${MAX_AGE_DAYS} calendar days.`);
  if (timestamp > now + MAX_AHEAD_SECONDS)
    throw refuse('timestamp_in_future', 'The timestamp must not be more than 5 minutes in the future.');
}

function listSummaries({ account, params, id, path }: Call<Values<typeof summaryFields>>) {
  const meter = account.get('billing.meter', id);
  account.get('customer', params.customer, 'customer');
  const step = params.value_grouping_window === 'day' ? DAY : params.value_grouping_window === 'hour' ? HOUR : null;
  const unit = step ?? MINUTE;
  for (const name of ['start_time', 'end_time'] as const)
    if (params[name] % unit !== 0)
      throw invalidRequest(
        `${name} must be aligned with ${unit === MINUTE ? 'minute' : unit === HOUR ? 'hour' : 'day'} boundaries.`,
        {
          param: name,
        },
      );
  if (params.end_time <= params.start_time)
    throw invalidRequest('end_time must be after start_time.', { param: 'end_time' });
  const summaries = [];
  const size = step ?? params.end_time - params.start_time;
  for (let start = params.start_time; start < params.end_time && summaries.length < MAX_SUMMARIES; start += size) {
    const period = { start, end: Math.min(start + size, params.end_time) };
    summaries.push({
      id: `mtrusg_test_${meter.id.slice(-8)}${start}`,
      object: 'billing.meter_event_summary',
      aggregated_value: aggregate(account, { meter, customer: params.customer, period }),
      end_time: period.end,
      livemode: false,
      meter: meter.id,
      start_time: start,
    });
  }
  return step === null ? listOf(summaries, path) : pageOf(summaries.reverse(), { params, path });
}
