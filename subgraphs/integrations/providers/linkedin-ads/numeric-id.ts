import { z } from 'zod';

/** An id that LinkedIn writes as a number; long ones arrive as text (parse-exactly.ts). */
export const numericId = z.union([z.number().int().nonnegative().transform(String), z.string().regex(/^\d+$/)]);
