import { z } from 'zod';

/**
 * An amount as the analytics write it. LinkedIn adds up floating-point numbers and prints all their digits, such as
 * 107.5300000000000335346: it is rounded to the millionth, which keeps every digit that means something.
 */
export const summedAmount = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,60})?$/)
  .transform(roundToMillionths);

function roundToMillionths(text: string): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const tenMillionths = BigInt(whole + fraction.padEnd(7, '0').slice(0, 7));
  const digits = String((tenMillionths + 5n) / 10n).padStart(7, '0');
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
