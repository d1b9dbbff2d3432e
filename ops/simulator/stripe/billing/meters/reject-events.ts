import type { Account } from '#simulator/stripe/billing/model.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { recordThinEvent } from '#simulator/stripe/webhooks/thin-events.js';

/** At most so many of the events of a report are named in it. */
const MAX_SAMPLES = 5;
/** What is rejected within this is one report. */
const WINDOW_SECONDS = 10;

type Event = Objects['billing.meter_event'];
type Meter = Objects['billing.meter'];

type Code = NonNullable<Account['settings']['stripeMeterRejection']> | 'meter_event_customer_not_found';

interface Rejected {
  meter: Meter;
  event: Event;
  code: Code;
  /** Seconds, of the simulator's clock. */
  at: number;
}

const unreported = new WeakMap<Account, Rejected[]>();

const messages: Partial<Record<Code, (event: Event) => string>> = {
  meter_event_customer_not_found: ({ payload }) => `Customer not found: ${Object.values(payload)[0]}.`,
};

/**
 * Rejects an event after it was accepted: one of a customer that there is not, or all by the setting `stripeMeterRejection`. It counts for
 * nothing, and is reported by a thin event (https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage#handle-meter-event-errors).
 */
export function rejectIfInvalid(account: Account, meter: Meter, event: Event): void {
  const customer = event.payload[meter.customer_mapping.event_payload_key] ?? '';
  const code =
    account.settings.stripeMeterRejection ??
    (account.find('customer', customer) ? null : 'meter_event_customer_not_found');
  if (code === null) return;
  account.extra(event.id).isRejected = true;
  unreported.set(account, [...(unreported.get(account) ?? []), { meter, event, code, at: account.now() }]);
}

/** Reports the events that were rejected within a window that is over, by meter. */
export function reportRejected(account: Account): void {
  const rejected = unreported.get(account) ?? [];
  const [first] = rejected;
  if (!first || account.now() < first.at + WINDOW_SECONDS) return;
  unreported.delete(account);
  for (const meter of new Set(rejected.map((one) => one.meter)))
    report(
      account,
      meter,
      rejected.filter((one) => one.meter === meter),
    );
}

function report(account: Account, meter: Meter, rejected: readonly Rejected[]): void {
  const start = Math.min(...rejected.map(({ at }) => at));
  const codes = [...new Set(rejected.map(({ code }) => code))];
  recordThinEvent(account, {
    type: 'v1.billing.meter.error_report_triggered',
    related_object: { id: meter.id, type: 'billing.meter', url: `/v1/billing/meters/${meter.id}` },
    data: {
      developer_message_summary: `There ${rejected.length === 1 ? 'is 1 invalid event' : `are ${rejected.length} invalid events`}`,
      reason: {
        error_count: rejected.length,
        error_types: codes.map((code) =>
          typeOf(
            code,
            rejected.filter((one) => one.code === code),
          ),
        ),
      },
      validation_start: new Date(start * 1000).toISOString(),
      validation_end: new Date((start + WINDOW_SECONDS) * 1000).toISOString(),
    },
  });
}

function typeOf(code: Code, rejected: readonly Rejected[]) {
  return {
    code,
    error_count: rejected.length,
    sample_errors: rejected.slice(0, MAX_SAMPLES).map(({ event }) => ({
      error_message: messages[code]?.(event) ?? code.replaceAll('_', ' '),
      request: { identifier: event.identifier },
    })),
  };
}
