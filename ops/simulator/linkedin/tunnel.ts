import type { WireRequest } from '#simulator/wire.js';
import { LinkedinError } from './linkedin-error.js';

const MAX_QUERY_BYTES = 4_096;
const MAX_ADDRESS_BYTES = 8_192;

/**
 * Returns the method and raw query that are meant: those of the call itself, or those inside a tunnelled POST.
 * Throws 414 for an address that should have been tunnelled. https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/query-tunneling
 */
export function openTunnel(request: WireRequest): { method: string; rawQuery: string } {
  const { rawQuery, headers } = request;
  if (rawQuery.length > MAX_QUERY_BYTES || request.path.length + rawQuery.length + 1 > MAX_ADDRESS_BYTES)
    throw new LinkedinError('Request-URI Too Long', { status: 414, code: 'URI_TOO_LONG' });
  const override = headers['x-http-method-override'];
  if (request.method !== 'POST') return { method: request.method, rawQuery };
  if (headers['content-length'] === undefined)
    throw new LinkedinError('Length Required', { status: 411, code: 'LENGTH_REQUIRED' });
  if (override === undefined) return { method: 'POST', rawQuery };
  if (rawQuery !== '') throw badTunnel('A tunnelled call carries its whole query in the body');
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    throw badTunnel('A tunnelled call has a body of type application/x-www-form-urlencoded');
  return { method: override.toUpperCase(), rawQuery: request.body };
}

function badTunnel(message: string): LinkedinError {
  return new LinkedinError(message, { status: 400, code: 'ILLEGAL_ARGUMENT' });
}
