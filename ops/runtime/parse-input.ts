import type { z } from 'zod';
import { InvalidInput } from './errors.js';

/** Returns `given` as `schema` reads it. Throws InvalidInput that names every argument that is wrong, and why. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InvalidInput(
    result.error.issues.map((issue) => ({ argument: issue.path.join('.') || 'input', problem: issue.message })),
  );
}
