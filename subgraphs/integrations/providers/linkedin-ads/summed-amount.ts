import Big from 'big.js';
import { z } from 'zod';

/**
 * An amount as the analytics write it. LinkedIn adds up floating-point numbers and prints all their digits, such as
 * 107.5300000000000335346: it is rounded to the millionth, which keeps every digit that means something.
 */
export const summedAmount = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,60})?$/)
  .transform((text) => new Big(text).toFixed(6, Big.roundHalfUp));
