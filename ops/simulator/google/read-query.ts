import type { WireRequest } from '../wire.js';
import { badBody } from './read-body.js';
import { invalidArgument } from './refusal.js';

// https://cloud.google.com/apis/docs/system-parameters
const SYSTEM_PARAMETERS = ['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'uploadType', '$.xgafv', '$alt'];

/** Throws when the address has a parameter that the method does not know. */
export function checkParameters(request: WireRequest, known: readonly string[] = []): void {
  for (const name of request.query.keys()) {
    if (known.includes(name) || SYSTEM_PARAMETERS.includes(name)) continue;
    throw badBody(
      `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
    );
  }
}

/** Returns a whole number from the address, or undefined when it is not there; throws when it is none. */
export function findNumber(request: WireRequest, name: string): number | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw badBody(`Invalid value at '${name}' (TYPE_INT32), "${text}"`);
  return Number(text);
}

/** Returns how many entries a page holds; throws for less than none and for more than `max`. */
export function readPageSize(request: WireRequest, { standard, max }: { standard: number; max: number }): number {
  const size = findNumber(request, 'pageSize') ?? 0;
  if (size < 0 || size > max) throw invalidArgument(`Page size must be between 0 and ${max}, but was ${size}.`);
  return size === 0 ? standard : size;
}
