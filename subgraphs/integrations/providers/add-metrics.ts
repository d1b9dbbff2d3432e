import Big from 'big.js';
import { Money } from '#runtime/money.js';
import type { AdMetrics } from './products.js';

/** Conversions may be fractions; sums of millionths are exact. */
const CONVERSION_UNITS = 1e6;

/** Without what is not reported; null when nothing is. */
function reported<Value>(all: AdMetrics[], read: (one: AdMetrics) => Value | null): Value[] | null {
  const values = all.flatMap((one) => read(one) ?? []) as Value[];
  return values.length === 0 && all.length > 0 ? null : values;
}

/** Returns the sums of actions by name. */
export function addActions(all: Record<string, string>[]): Record<string, string> {
  const sums = new Map<string, Big>();
  for (const [name, value] of all.flatMap(Object.entries<string>)) {
    sums.set(name, (sums.get(name) ?? new Big(0)).plus(value));
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.toFixed()]));
}

/** Returns the sums of metrics of one currency; null where none of them is reported. */
export function addMetrics(metrics: Iterable<AdMetrics>, currency: string): AdMetrics {
  const all = [...metrics];
  const sum = (numberOf: (one: AdMetrics) => number) => all.reduce((total, one) => total + numberOf(one), 0);
  const sumMoney = (amounts: string[]) => Money.sum(amounts, currency).toString();
  const conversions = reported(all, (one) => one.conversions);
  const values = reported(all, (one) => one.conversionValue);
  const actions = all.flatMap((one): Record<string, string>[] => (one.actions ? [one.actions] : []));
  const units = conversions?.reduce((total, one) => total + Math.round(one * CONVERSION_UNITS), 0);
  return {
    impressions: sum(({ impressions }) => impressions),
    clicks: sum(({ clicks }) => clicks),
    cost: sumMoney(all.map(({ cost }) => cost)),
    conversions: units === undefined ? null : units / CONVERSION_UNITS,
    conversionValue: values && sumMoney(values),
    actions: actions.length === 0 ? null : addActions(actions),
  };
}
