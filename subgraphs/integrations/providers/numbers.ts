import { z } from 'zod';

// Values that would become NaN or lose digits are refused.

export const countText = z
  .string()
  .regex(/^\d+$/)
  .transform(Number)
  .refine((value) => Number.isSafeInteger(value));

/** A 64-bit id or amount, which a JSON number could not hold. */
export const int64Text = z.string().regex(/^-?\d{1,19}$/);

export const decimalText = z.string().regex(/^-?\d{1,15}(\.\d{1,12})?$/);

/** A number with six exact decimals. */
export const plainNumber = z.number().min(-1e9).max(1e9);
