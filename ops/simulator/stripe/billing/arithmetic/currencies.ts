const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Rounds an amount to what can be charged: in currencies of three decimals to tens of the smallest unit. */
export function chargeable(amount: number, currency: string): number {
  if (!THREE_DECIMALS.has(currency)) return amount;
  const tens = Math.sign(amount) * Math.round(Math.abs(amount) / 10);
  return tens === 0 ? 0 : tens * 10;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() });
  formats.set(currency, format);
  return format;
}

/** Returns an amount of the smallest unit, which may have decimals, as invoices print it: "€49.00", "¥4,900". */
export function formatAmount(amount: string, currency: string): string {
  const format = formatOf(currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(Number(amount) / 10 ** digits);
}
