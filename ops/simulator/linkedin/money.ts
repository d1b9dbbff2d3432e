/** Returns an amount of a currency's smallest units as a decimal number, written from whole numbers so that no digit is lost. */
export function decimalText(units: number, digits: number): string {
  if (digits === 0) return String(units);
  const fraction = String(units % 10 ** digits)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(units / 10 ** digits));
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

// Fixed, so that the same day costs the same dollars whenever it is asked about.
const DOLLAR_RATES: Record<string, number> = { USD: 1, EUR: 1.09, JPY: 0.0067, GBP: 1.28 };

/** Returns an amount in US dollars, with more digits than a cent has, as LinkedIn writes it. */
export function dollarText(units: number, digits: number, currency: string): string {
  if (currency === 'USD') return decimalText(units, digits);
  return ((units / 10 ** digits) * (DOLLAR_RATES[currency] ?? 1)).toFixed(10);
}
