import type { Account, Price } from '#simulator/stripe/billing/model.js';
import { scaled, unscaled } from './decimals.js';

type Tiers = NonNullable<Price['tiers']>;

/** What a price costs in one currency. */
export interface Rate {
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  tax_behavior: string | null;
  tiers?: Tiers;
}

/** Returns what a price costs in a currency, or undefined when it is not sold in it. */
export function rateOf(account: Account, price: Price, currency: string): Rate | undefined {
  if (price.currency === currency) return price;
  const options = account.extra<{ currency_options?: Record<string, Rate> }>(price.id).currency_options;
  return (options ?? price.currency_options)?.[currency];
}

/** Returns what a quantity costs, in the smallest unit of the currency, halves rounded up. */
export function amountOf(
  account: Account,
  price: Price,
  { currency, quantity }: { currency: string; quantity: number },
): number {
  const rate = rateOf(account, price, currency);
  if (!rate) return 0;
  const units = transformed(price, quantity);
  if (price.billing_scheme === 'tiered') {
    const tiers = account.extra<{ tiers?: Tiers }>(price.id).tiers ?? rate.tiers ?? [];
    return tieredAmount(tiers, price.tiers_mode, units);
  }
  return unscaled(scaled(unitDecimal(rate)) * BigInt(units));
}

/** Returns the price of one unit as a decimal, or null for tiers. */
export function unitAmountOf(account: Account, price: Price, currency: string): string | null {
  const rate = rateOf(account, price, currency);
  return rate && price.billing_scheme === 'per_unit' ? unitDecimal(rate) : null;
}

function unitDecimal({ unit_amount, unit_amount_decimal }: Pick<Rate, 'unit_amount' | 'unit_amount_decimal'>): string {
  return unit_amount_decimal ?? String(unit_amount ?? 0);
}

function transformed({ transform_quantity }: Price, quantity: number): number {
  if (!transform_quantity) return quantity;
  const { divide_by, round } = transform_quantity;
  return round === 'up' ? Math.ceil(quantity / divide_by) : Math.floor(quantity / divide_by);
}

/** Returns what units cost by tiers: `volume` prices all by the tier they reach, `graduated` each by its own. */
export function tieredAmount(tiers: Tiers, mode: Price['tiers_mode'], units: number): number {
  if (mode === 'volume') {
    const tier = tiers.find(({ up_to }) => up_to === null || units <= up_to);
    return tier ? unscaled(costIn(tier, units)) : 0;
  }
  let total = 0n;
  let from = 0;
  for (const tier of tiers) {
    const upTo = Math.min(units, tier.up_to ?? units);
    if (upTo > from || (from === 0 && units === 0)) total += costIn(tier, upTo - from);
    from = upTo;
    if (from >= units) break;
  }
  return unscaled(total);
}

function costIn(tier: Tiers[number], units: number): bigint {
  const flat = scaled(tier.flat_amount_decimal ?? String(tier.flat_amount ?? 0));
  return flat + scaled(unitDecimal(tier)) * BigInt(units);
}
