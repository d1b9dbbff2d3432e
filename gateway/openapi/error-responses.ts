import { STATUS_CODES } from 'node:http';
import { groupBy } from 'es-toolkit/array';
import { type ErrorCode, errorCodes } from '#runtime/error-codes.js';
import type { ApiResponse, JsonSchema, Reference } from './document.js';

/** The media type of errors, RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Statuses that `BAD_REQUEST` has beside its own. */
const BAD_REQUEST_STATUSES = [406, 415];

const codes = Object.keys(errorCodes) as ErrorCode[];
const byStatus = groupBy(codes, (code) => errorCodes[code].status);

/** `NotFound`: RFC 9110 has another name for 413 than Node.js. */
const nameOf = (status: number) =>
  status === 413 ? 'ContentTooLarge' : (STATUS_CODES[status] ?? '').replaceAll(' ', '');

/** Remedies of the manual without its links, which lead nowhere here. */
const plain = (text: string) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');

function describe(status: number): ApiResponse {
  const known = byStatus[status] ?? [];
  const lines = known.map((code) => `- \`${code}\`: ${plain(errorCodes[code].remedy)}`);
  if (BAD_REQUEST_STATUSES.includes(status)) lines.push('- `BAD_REQUEST`: send what the message says');
  return {
    description: ['Refused, with one of these codes:', '', ...lines].join('\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(status === 401 && { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } }),
      ...((status === 429 || status === 503 || status === 409) && {
        'Retry-After': { $ref: '#/components/headers/Retry-After' },
      }),
    },
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Returns the responses without an answer that `text` refers to, by name. */
export function errorResponses(text: string): Record<string, ApiResponse> {
  const statuses = [...new Set([...Object.keys(byStatus).map(Number), ...BAD_REQUEST_STATUSES])].sort();
  const all: Record<string, ApiResponse> = {
    NotModified: { description: 'What the client has is current: its ETag was sent in `If-None-Match`.' },
    ...Object.fromEntries(statuses.map((status) => [nameOf(status), describe(status)])),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"#/components/responses/${name}"`)));
}

/** Returns a reference to the response of each status. */
export function refusals(statuses: Iterable<number>): Record<string, Reference> {
  const sorted = [...new Set(statuses)].sort();
  return Object.fromEntries(
    sorted.map((status) => [String(status), { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

/** The body of an error. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'An error, as in RFC 9457.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Names the code; it is no address.' },
    title: { type: 'string', description: 'The code in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What happened and what to do.' },
    instance: { type: 'string', description: 'The request.' },
    code: { type: 'string', enum: codes, description: 'Stable: programs decide by it.' },
    requestId: { type: 'string', description: 'For a support request; the same as in `X-Request-Id`.' },
    retryAfter: { type: 'integer', minimum: 0, description: 'Seconds after which to try again.' },
    requiredScope: { type: 'string', description: 'The scope that the API key lacks.' },
    challenge: { type: 'string', description: 'What completes a sign-in, together with a code.' },
    details: { description: 'The problem of each argument, or what else a program needs to go on.' },
  },
  required: ['title', 'status', 'code', 'requestId'],
};
