import { share } from './decimals.js';
import type { Period } from './periods.js';

/** Returns the part of an amount that falls on the rest of its period, to the second, rounded to the smallest unit. */
export function amountOfRest(amount: number, period: Period, from: number): number {
  const start = Math.min(Math.max(from, period.start), period.end);
  return share(amount, period.end - start, period.end - period.start);
}
