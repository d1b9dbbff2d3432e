import type { z } from 'zod';
import { InvalidInput } from './errors.js';

/** Parses `given` by `schema`. Throws InvalidInput with the problem of every argument. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InvalidInput(
    result.error.issues.map((issue) => ({ argument: issue.path.join('.') || 'input', problem: issue.message })),
  );
}
