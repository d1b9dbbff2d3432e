import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { invalidArgument } from '#simulator/google/refusal.js';

// What a euro costs. Fixed, so that converted figures never change.
const PER_EURO: Readonly<Record<string, number>> = { EUR: 1, USD: 1.0875, GBP: 0.84, JPY: 162.5, CHF: 0.95 };

/** Returns what of a property's smallest unit makes one of the currency asked for; '' = the property's own. */
export function unitOf({ currency, digits }: AnalyticsProperty, wanted: string): number {
  const unit = 10 ** digits;
  if (wanted === '' || wanted === currency) return unit;
  const [own, other] = [PER_EURO[currency], PER_EURO[wanted]];
  if (own === undefined || other === undefined) {
    throw invalidArgument(`The currencyCode ${wanted} is not a supported currency.`);
  }
  return (unit * own) / other;
}
