const MICRO_DIGITS = 6;

/** Returns the exact amount of an integer number of millionths, without trailing zeros: 29500000 → `29.5`. */
export function moneyFromMicros(micros: bigint, currency: string): { amount: string; currency: string } {
  const sign = micros < 0n ? '-' : '';
  const digits = String(micros < 0n ? -micros : micros).padStart(MICRO_DIGITS + 1, '0');
  const fraction = digits.slice(-MICRO_DIGITS).replace(/0+$/, '');
  return { amount: `${sign}${digits.slice(0, -MICRO_DIGITS)}${fraction && `.${fraction}`}`, currency };
}
