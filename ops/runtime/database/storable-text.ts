import { z } from 'zod';

/** Whether PostgreSQL can store a text: it has no zero character (SQLSTATE 22021). */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}

/** Text that can be stored. */
export const storableText = z.string().refine(isStorable, 'must not contain a zero character');
