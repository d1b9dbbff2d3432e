import { assertEnumType, type GraphQLSchema } from 'graphql';
import { wordOfPeriod } from '#gateway/rest/period-words.js';
import { PAGE } from './answer-schemas.js';
import type { Header, JsonSchema, OpenApiDocument, Parameter } from './document.js';
import { errorResponses, errorsSchema, problemSchema } from './error-responses.js';

const integer = { type: 'integer', minimum: 0 };
const string = { type: 'string' };

const headers: Record<string, Header> = {
  'X-Request-Id': { description: 'For a support request; in the log under the same id.', schema: string },
  ETag: { description: 'Of exactly this answer: send it as `If-None-Match`.', schema: string },
  Link: { description: 'RFC 8288: `rel="next"` is the next page, absent on the last one.', schema: string },
  Location: { description: 'Where the new resource is.', schema: string },
  'RateLimit-Limit': { description: 'Requests in the window.', schema: integer },
  'RateLimit-Remaining': { description: 'Requests left in the window.', schema: integer },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', schema: integer },
  'RateLimit-Policy': { description: 'The limit and its window in seconds: `300;w=60`.', schema: string },
  'X-Cost': { description: 'What the operation cost.', schema: integer },
  'X-Cost-Limit': { description: 'The allowance of cost in a minute.', schema: integer },
  'X-Cost-Remaining': { description: 'What is left of it.', schema: integer },
  'Idempotent-Replayed': {
    description: '`true`: the answer to an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': { description: 'Seconds after which to try again.', schema: integer },
  'WWW-Authenticate': { description: 'How to authenticate, RFC 9110.', schema: string },
};

/** The headers of answers to authenticated requests, beside those of their kind. */
export const commonHeaders = [
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'RateLimit-Policy',
  'X-Cost',
  'X-Cost-Limit',
  'X-Cost-Remaining',
];

const page: JsonSchema = {
  type: 'object',
  description: 'Where a page ends.',
  properties: {
    hasNextPage: { type: 'boolean', description: 'Whether there are more items.' },
    endCursor: {
      type: ['string', 'null'],
      description: 'Pass it as `after` to get the next page; null when this one is empty.',
    },
  },
  required: ['hasNextPage', 'endCursor'],
};

const parameters: Record<string, Parameter> = {
  period: {
    name: 'period',
    in: 'query',
    description: 'Days relative to today, instead of `startDate` and `endDate`.',
    schema: { $ref: '#/components/schemas/PeriodWord' },
    example: 'last_30d',
  },
  redirect: {
    name: 'redirect',
    in: 'query',
    description: 'Whether to answer with a redirection.',
    schema: { type: 'boolean', default: false },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of an earlier answer: 304 while it is current.',
    schema: { type: 'string' },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Unique for what is to be done once: a request with the same key has the same effect and answer.',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  },
};

/** Returns what operations refer to, around the schemas of the API. */
export function describeComponents(
  schema: GraphQLSchema,
  schemas: Record<string, JsonSchema>,
  paths: OpenApiDocument['paths'],
): OpenApiDocument['components'] {
  const periods = assertEnumType(schema.getType('Period')).getValues();
  const PeriodWord: JsonSchema = {
    type: 'string',
    enum: periods.map(({ name }) => wordOfPeriod(name)),
    description: periods.map(({ name, description }) => `- \`${wordOfPeriod(name)}\`: ${description}`).join('\n'),
  };
  const all: Record<string, JsonSchema> = {
    ...schemas,
    PeriodWord,
    [PAGE]: page,
    Problem: problemSchema,
    Errors: errorsSchema,
  };
  return {
    schemas: Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters,
    headers,
    responses: errorResponses(JSON.stringify(paths)),
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token of `POST /api/auth/login`, or an API key.',
      },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
      basic: { type: 'http', scheme: 'basic', description: 'An API key as the user, and an empty password.' },
    },
  };
}
