import Big from 'big.js';
import { z } from 'zod';

// A value that would become NaN or lose digits is refused. Bounds are those of the type it is sent as, not of a currency:
// a month in VND has ten digits and more.

const isExact = (value: number) => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** A count sent as text, up to 2^53. */
export const countText = z.string().regex(/^\d+$/).transform(Number).refine(Number.isSafeInteger);

/** A count sent as a number, or as text by parseExactly, up to 2^53. */
export const count = z.union([z.number().int().min(0), countText]);

/** A 64-bit id or amount, which a JSON number could not hold. */
export const int64Text = z.string().regex(/^-?\d{1,19}$/);

/** Decimal text with as many digits as an int64 has. */
export const decimalText = z.string().regex(/^-?\d{1,19}(\.\d{1,12})?$/);

/** A ratio or a count with fractions. */
export const plainNumber = z.number().refine(isExact);

/** A double as decimal text to the millionth, as the digits beyond it are noise of floating-point sums. */
export const amountNumber = plainNumber.transform((value) => new Big(value).round(6, Big.roundHalfUp).toFixed());
