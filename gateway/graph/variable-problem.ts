import type { Problem } from '#runtime/errors.js';

// graphql-js tells where in a variable the wrong value stands in its message only (execution/values.ts).
const INVALID_VARIABLE = /^Variable "\$([^"]+)" (?:got invalid value .*?(?: at "([^"]+)")?; (.+)|(of .+))$/s;

/** Returns which part of a variable is wrong and why, when `message` is graphql-js's refusal of one. */
export function variableProblem(message: string): Problem | undefined {
  const [, variable, path, problem, missing] = INVALID_VARIABLE.exec(message) ?? [];
  if (!variable) return undefined;
  return { argument: path ?? variable, problem: problem ?? `${missing}`.replace(/^of /, 'is of ') };
}
