import { STATUS_CODES } from 'node:http';
import { groupBy } from 'es-toolkit/array';
import { PROBLEM_TYPE } from '#gateway/http/problem.js';
import { limitNames } from '#runtime/entitlements/plans.js';
import { type ErrorCode, errorCodes } from '#runtime/error-codes.js';
import type { ApiResponse, JsonSchema, Reference } from './document.js';

/** Statuses that `BAD_REQUEST` has beside its own. */
const REQUEST_STATUSES = [406, 414, 415];

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
  if (REQUEST_STATUSES.includes(status)) lines.push('- `BAD_REQUEST`: the message says what');
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
  const statuses = [...new Set([...Object.keys(byStatus).map(Number), ...REQUEST_STATUSES])].sort();
  const all: Record<string, ApiResponse> = {
    NotModified: { description: 'What the client has is current: its ETag was sent in `If-None-Match`.' },
    Refused: {
      description: 'Refused, as GraphQL refuses: with the code in `extensions` of the error.',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Errors' } } },
    },
    ...Object.fromEntries(statuses.map((status) => [nameOf(status), describe(status)])),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"#/components/responses/${name}"`)));
}

/** The refusals of what is no REST resource. */
export const graphRefusals: Record<string, Reference> = {
  '4XX': { $ref: '#/components/responses/Refused' },
  '5XX': { $ref: '#/components/responses/Refused' },
};

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
    type: { type: 'string', format: 'uri', description: 'Names the code; no address.' },
    title: { type: 'string', description: 'The code in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What happened and what to do.' },
    instance: { type: 'string', format: 'uri-reference', description: 'The path of the request.' },
    code: { type: 'string', enum: codes, description: 'Stable: programs decide by it.' },
    requestId: { type: 'string', description: 'For a support request; the same as in `X-Request-Id`.' },
    retryAfter: { type: 'integer', minimum: 0, description: 'Seconds after which to try again.' },
    requiredScope: { type: 'string', description: 'The scope that the API key lacks.' },
    limit: {
      type: 'object',
      properties: {
        name: { type: 'string', enum: [...limitNames], description: 'As in `LimitName`.' },
        used: { type: 'integer', minimum: 0, description: 'How much is used, or was requested.' },
        allowed: { type: 'integer', minimum: 0, description: 'How much the plan allows.' },
        planId: { type: ['string', 'null'], description: 'The smallest plan that allows it; null when none does.' },
      },
      required: ['name', 'used', 'allowed', 'planId'],
      description: 'With `LIMIT_REACHED`: the limit of the plan.',
    },
    challenge: { type: 'string', description: 'For `POST /api/auth/login/complete`.' },
    payment: {
      type: 'object',
      properties: {
        declineCode: {
          type: ['string', 'null'],
          description: 'Why the card was refused, for example `insufficient_funds`.',
        },
        url: { type: ['string', 'null'], description: 'Where the customer pays or confirms the payment.' },
      },
      required: ['declineCode', 'url'],
      description: 'The payment that was not made.',
    },
    details: {
      type: 'array',
      items: {
        type: 'object',
        properties: { argument: { type: 'string' }, problem: { type: 'string' } },
        required: ['argument', 'problem'],
      },
      description: 'What is wrong with each argument.',
    },
    path: {
      type: 'array',
      items: { type: ['string', 'integer'] },
      description: 'Beside data: which part of the operation is null.',
    },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
};

/** The body of an error outside REST. */
export const errorsSchema: JsonSchema = {
  type: 'object',
  description: 'Errors, as GraphQL has them.',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          message: { type: 'string', description: 'What happened and what to do.' },
          extensions: {
            type: 'object',
            properties: {
              code: { type: 'string', enum: codes, description: 'Stable: programs decide by it.' },
              requestId: { type: 'string', description: 'For a support request.' },
              retryAfter: { type: 'integer', minimum: 0, description: 'Seconds after which to try again.' },
            },
            required: ['code', 'requestId'],
          },
        },
        required: ['message', 'extensions'],
      },
    },
  },
  required: ['errors'],
};
