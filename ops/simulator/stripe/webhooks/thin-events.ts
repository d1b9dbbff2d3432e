import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';

/** The types of events that are only sent without their data, of those that are simulated: https://docs.stripe.com/api/v2/core/events/event-types */
export const thinEventTypes: readonly string[] = [
  'v1.billing.meter.error_report_triggered',
  'v1.billing.meter.no_meter_found',
];

/** Records an event about an object, and has it delivered. */
export function recordThinEvent(
  account: StripeAccount,
  event: Pick<Objects['v2.core.event'], 'type' | 'data' | 'related_object'>,
): void {
  const recorded = account.add('v2.core.event', {
    ...event,
    id: `evt_test_${randomText(48)}`,
    created: new Date(account.now() * 1000).toISOString(),
    livemode: false,
  });
  account.onEvent(recorded);
}

/** Returns what is sent of an event: its data are read from the API. */
export function notificationOf({ data: _data, ...notification }: Objects['v2.core.event']) {
  return notification;
}
