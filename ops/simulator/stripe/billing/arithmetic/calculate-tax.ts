import type { LineItem } from '#simulator/stripe/billing/model.js';
import { divideRounded, scaled } from './decimals.js';

type TaxAmount = NonNullable<LineItem['taxes']>[number];

/** Where the simulated account is established. */
export const ACCOUNT_COUNTRY = 'DE';

/** Standard rates in percent of the countries where the account collects tax; elsewhere it collects none. */
const STANDARD_RATES: Readonly<Record<string, string>> = {
  AT: '20',
  BE: '21',
  BG: '20',
  CY: '19',
  CZ: '21',
  DE: '19',
  DK: '25',
  EE: '24',
  ES: '21',
  FI: '25.5',
  FR: '20',
  GR: '24',
  HR: '25',
  HU: '27',
  IE: '23',
  IT: '22',
  LT: '21',
  LU: '17',
  LV: '21',
  MT: '18',
  NL: '21',
  PL: '23',
  PT: '23',
  RO: '21',
  SE: '25',
  SI: '22',
  SK: '23',
  AU: '10',
  CH: '8.1',
  GB: '20',
  JP: '10',
  NO: '25',
};
const OUTSIDE_EU = new Set(['AU', 'CH', 'GB', 'JP', 'NO']);

/** What of a customer decides the tax. */
export interface Taxpayer {
  country: string | null;
  postalCode: string | null;
  exempt: string;
  taxIds: readonly { type: string; value: string }[];
}

/** The rate in percent, and why it is that one. */
export interface TaxTreatment {
  percent: string;
  reason: 'customer_exempt' | 'not_collecting' | 'reverse_charge' | 'standard_rated';
  taxRate: string | null;
}

/** Whether automatic tax can be calculated for a customer; in the USA and Canada that takes a postal code. */
export function hasTaxLocation({ country, postalCode }: Taxpayer): boolean {
  return country !== null && (!['US', 'CA'].includes(country) || postalCode !== null);
}

/** Returns how a customer is taxed; businesses in the EU beyond the account's country by reverse charge. */
export function taxTreatmentOf({ country, exempt, taxIds }: Taxpayer): TaxTreatment {
  const standard = STANDARD_RATES[country ?? ''];
  if (country === null || standard === undefined) return { percent: '0', reason: 'not_collecting', taxRate: null };
  const taxRate = `txr_1Simulated${country}${standard.replace('.', '')}`;
  if (exempt === 'exempt') return { percent: '0', reason: 'customer_exempt', taxRate };
  const isEuBusiness = !OUTSIDE_EU.has(country) && taxIds.some(({ type }) => type === 'eu_vat');
  if (exempt === 'reverse' || (isEuBusiness && country !== ACCOUNT_COUNTRY))
    return { percent: '0', reason: 'reverse_charge', taxRate };
  return { percent: standard, reason: 'standard_rated', taxRate };
}

/** Returns the tax of one line after its discounts; a price that leaves it open is inclusive but in dollars. */
export function taxOf(
  amount: number,
  treatment: TaxTreatment,
  price: { behavior: string | null; currency: string },
): TaxAmount {
  const behavior = behaviorOf(price);
  const percent = scaled(treatment.percent);
  const whole = behavior === 'inclusive' ? scaled('100') + percent : scaled('100');
  const tax = Number(divideRounded(BigInt(amount) * percent, whole));
  return {
    amount: tax,
    tax_behavior: behavior,
    tax_rate_details: treatment.taxRate === null ? null : { tax_rate: treatment.taxRate },
    taxability_reason: treatment.reason,
    taxable_amount: treatment.reason === 'standard_rated' ? (behavior === 'inclusive' ? amount - tax : amount) : 0,
    type: 'tax_rate_details',
  };
}

function behaviorOf({ behavior, currency }: { behavior: string | null; currency: string }) {
  if (behavior === 'exclusive' || behavior === 'inclusive') return behavior;
  return ['usd', 'cad'].includes(currency) ? 'exclusive' : 'inclusive';
}
