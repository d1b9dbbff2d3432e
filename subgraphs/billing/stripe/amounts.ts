import { Money } from '#runtime/money.js';

// https://docs.stripe.com/currencies#zero-decimal, which differs from ISO 4217: ISK and UGX have two digits at Stripe.
const ZERO_DECIMAL = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMAL = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

function digitsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** Returns a currency as ISO 4217 writes it: Stripe's are in lower case. */
export const currencyOf = (stripeCurrency: string): string => stripeCurrency.toUpperCase();

/** Returns an amount of Stripe's, an integer in the currency's smallest unit, as `Money` of the API. */
export function moneyOf(amount: number, currency: string): { amount: string; currency: string } {
  const micros = BigInt(amount) * 10n ** BigInt(6 - digitsOf(currency));
  return { amount: Money.fromMicros(micros, currency).toString(), currency };
}

/** Returns an amount given as decimal text in the currency's smallest unit. Throws when it has a fraction of that. */
export function smallestUnitsOf(amount: string, currency: string): number {
  const perUnit = 10n ** BigInt(6 - digitsOf(currency));
  const micros = Money.fromDecimal(amount, currency).toMicros();
  if (micros % perUnit !== 0n) throw new RangeError(`${amount} ${currency} is no whole number of the smallest unit`);
  return Number(micros / perUnit);
}
