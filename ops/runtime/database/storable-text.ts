import { z } from 'zod';

/** Whether PostgreSQL can store a text: without NUL characters (SQLSTATE 22021). */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}

export const storableText = z.string().refine(isStorable, 'must not contain a zero character');
