/** Formats smallest units as an exact decimal. */
export function decimalText(units: number, digits: number): string {
  if (digits === 0) return String(units);
  const fraction = String(units % 10 ** digits)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(units / 10 ** digits));
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/**
 * Formats an amount as analytics do: LinkedIn adds up floating point numbers and now and then returns
 * 107.5300000000000335346.
 */
export function summedText(units: number, digits: number): string {
  const noise = String(335_346 + (units % 100_000));
  const places = `0${'0'.repeat(14 - digits)}`;
  if (units % 7 === 3) return `${fixedText(units, digits)}${digits === 0 ? '.' : ''}${places}${noise}`;
  if (units % 7 === 5)
    return `${fixedText(units - 1, digits)}${digits === 0 ? '.' : ''}${places.replaceAll('0', '9')}${noise}`;
  return decimalText(units, digits);
}

function fixedText(units: number, digits: number): string {
  if (digits === 0) return String(units);
  return `${Math.floor(units / 10 ** digits)}.${String(units % 10 ** digits).padStart(digits, '0')}`;
}

// Fixed, so that a day always costs the same.
const DOLLAR_RATES: Record<string, number> = { USD: 1, EUR: 1.09, JPY: 0.0067, GBP: 1.28 };

/** Formats US dollars with more digits than a cent has, as LinkedIn does. */
export function dollarText(units: number, digits: number, currency: string): string {
  if (currency === 'USD') return decimalText(units, digits);
  return ((units / 10 ** digits) * (DOLLAR_RATES[currency] ?? 1)).toFixed(10);
}
