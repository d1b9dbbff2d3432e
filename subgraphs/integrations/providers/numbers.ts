import { z } from 'zod';

// The ways providers write numbers. Nothing here makes NaN or loses a digit: what does not fit is refused.

/** A count sent as text. */
export const countText = z
  .string()
  .regex(/^\d+$/)
  .transform(Number)
  .refine((value) => Number.isSafeInteger(value));

/** An id or an amount of 64 bits sent as text: it stays text, a JSON number could not hold it. */
export const int64Text = z.string().regex(/^-?\d{1,19}$/);

/** A decimal number sent as text. */
export const decimalText = z.string().regex(/^-?\d{1,15}(\.\d{1,12})?$/);

/** A number small enough to have six exact decimals. */
export const plainNumber = z.number().min(-1e9).max(1e9);
