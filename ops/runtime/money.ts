// Money as exact decimal text: as many decimals as the amount has, and never fewer than its currency usually shows.
// "5339.5" USD is "5339.50"; 12345678 micros are "12.345678"; whole yen have no decimals.

const MICRO_DECIMALS = 6;

// Making a number format costs more than all the rest here, and there are few currencies.
const knownDecimals = new Map<string, number>();

function usualDecimals(currency: string): number {
  const known = knownDecimals.get(currency);
  if (known !== undefined) return known;
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  knownDecimals.set(currency, decimals);
  return decimals;
}

/** Returns an amount given as decimal text. */
export function amountOfDecimal(text: string, currency: string): string {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const decimals = fraction.replace(/0+$/, '').padEnd(usualDecimals(currency), '0');
  const digits = whole.replace(/^0+(?=\d)/, '');
  const isZero = /^0*$/.test(digits + decimals);
  return `${isZero ? '' : sign}${digits}${decimals && `.${decimals}`}`;
}

/** Returns an amount given in millionths of the currency's unit. */
export function amountOfMicros(micros: string | bigint, currency: string): string {
  const value = BigInt(micros);
  const digits = String(value < 0n ? -value : value).padStart(MICRO_DECIMALS + 1, '0');
  const text = `${digits.slice(0, -MICRO_DECIMALS)}.${digits.slice(-MICRO_DECIMALS)}`;
  return amountOfDecimal(value < 0n ? `-${text}` : text, currency);
}

/** Returns an amount given as a floating-point number, to the millionth: beyond that it is the noise of the format. */
export function amountOfNumber(value: number, currency: string): string {
  return amountOfDecimal(value.toFixed(MICRO_DECIMALS), currency);
}
