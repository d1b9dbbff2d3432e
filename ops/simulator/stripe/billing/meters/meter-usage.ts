import type { Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import type { Account, Price } from '#simulator/stripe/billing/model.js';

/** Returns what a customer used of a metered price in a period, by its meter's formula. */
export function usageOf(
  account: Account,
  { price, customer, period }: { price: Price; customer: string; period: Period },
): number {
  const meter = price.recurring?.meter ? account.find('billing.meter', price.recurring.meter) : undefined;
  return meter ? aggregate(account, { meter, customer, period }) : 0;
}

type Meter = NonNullable<ReturnType<typeof meterOf>>;

function meterOf(account: Account, id: string) {
  return account.find('billing.meter', id);
}

/** Returns the sum, count or last value of a customer's events in a period. */
export function aggregate(
  account: Account,
  { meter, customer, period }: { meter: Meter; customer: string; period: Period },
): number {
  const values = account
    .list('billing.meter_event')
    .filter(
      (event) =>
        event.event_name === meter.event_name &&
        event.payload[meter.customer_mapping.event_payload_key] === customer &&
        event.timestamp >= period.start &&
        event.timestamp < period.end &&
        !account.extra(event.id).isCanceled &&
        !account.extra(event.id).isRejected,
    )
    .sort((one, other) => one.timestamp - other.timestamp)
    .map((event) => Number(event.payload[meter.value_settings.event_payload_key] ?? 0));
  switch (meter.default_aggregation.formula) {
    case 'count':
      return values.length;
    case 'last':
      return values.at(-1) ?? 0;
    default:
      return values.reduce((sum, value) => sum + value, 0);
  }
}
