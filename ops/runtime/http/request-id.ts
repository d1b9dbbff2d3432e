import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const GIVEN_REQUEST_ID = /^[\w.-]{8,100}$/;

/** Returns what a request is called: what its sender calls it in `x-request-id`, else a new name. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && GIVEN_REQUEST_ID.test(given) ? given : randomUUID();
}
