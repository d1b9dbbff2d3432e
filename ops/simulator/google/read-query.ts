import { findBearer, type WireRequest } from '#simulator/wire.js';
import { invalidArgument } from './errors.js';
import { badBody } from './read-body.js';

// https://cloud.google.com/apis/docs/system-parameters
const SYSTEM_PARAMETERS = [
  'access_token',
  'alt',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
  '$alt',
];

/** Throws for an unknown parameter or a format other than JSON. */
export function checkParameters(request: WireRequest, known: readonly string[] = []): void {
  const problem = findParameterProblem(request, known);
  if (problem !== undefined) throw badBody(problem);
}

/** Returns Google's message about an unknown parameter or format, if any. */
export function findParameterProblem(request: WireRequest, known: readonly string[] = []): string | undefined {
  for (const [name, value] of request.query) {
    if ((name === 'alt' || name === '$alt') && !/^json($|;)/.test(value)) return `Invalid alt value: ${value}`;
    if (known.includes(name) || SYSTEM_PARAMETERS.includes(name)) continue;
    return `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
  }
  return undefined;
}

/** Returns the access token, from the header or, as discovery documents allow, the query. */
export function findAccessToken(request: WireRequest): string | undefined {
  return findBearer(request) ?? request.query.get('access_token') ?? request.query.get('oauth_token') ?? undefined;
}

/** Returns an integer parameter, if present; throws for other values. */
export function findNumber(request: WireRequest, name: string): number | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw badBody(`Invalid value at '${name}' (TYPE_INT32), "${text}"`);
  return Number(text);
}

interface PageSizes {
  standard: number;
  max: number;
  /** Caps a larger size instead of refusing it. */
  coerces?: boolean;
}

/** Returns the page size; throws when negative, or above `max` unless coerced. */
export function readPageSize(request: WireRequest, { standard, max, coerces = false }: PageSizes): number {
  const requested = findNumber(request, 'pageSize') ?? 0;
  const size = coerces ? Math.min(requested, max) : requested;
  if (size < 0 || size > max) throw invalidArgument(`Page size must be between 0 and ${max}, but was ${size}.`);
  return size === 0 ? standard : size;
}
