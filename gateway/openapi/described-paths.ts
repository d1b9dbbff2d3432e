import { reportTypes } from '#gateway/routes/report-files.js';
import type { ApiOperation, JsonSchema, Parameter, PathItem } from './document.js';
import { graphRefusals, refusals } from './error-responses.js';
import { EXAMPLE_ID } from './example-values.js';
import { scalarSchemas } from './scalar-schemas.js';

const string: JsonSchema = { type: 'string' };
const instant = scalarSchemas.DateTime as JsonSchema;

const object = (properties: Record<string, JsonSchema>, optional: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const answer = (description: string, schema: JsonSchema, type = 'application/json') => ({
  description,
  headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
  content: { [type]: { schema } },
});

const query = (name: string, description: string, schema: JsonSchema, more: Partial<Parameter> = {}): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
  ...more,
});

const id = (name: string, description: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1 },
});

/** Of a user or an API key. */
export const anyCredentials: ApiOperation['security'] = [{ bearer: [] }, { apiKey: [] }, { basic: [] }];
const anyone = [{}];
const person = [{ bearer: [] }];

const filters: Parameter[] = [
  query('action', 'Only these actions; `session.*` is all that begin so.', {
    type: 'array',
    items: { type: 'string', minLength: 1 },
  }),
  query('actorId', 'Only by this actor.', string),
  query('targetType', 'Only on targets of this type.', string),
  query('targetId', 'Only on the target with this id.', string),
  query('since', 'At this time or later.', instant),
  query('until', 'Before this time.', instant),
  query('outcome', 'With this outcome.', { type: 'string', enum: ['SUCCESS', 'REFUSED'] }),
];

const lastEventId: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The `id` of the last event, to continue after it.',
  schema: string,
};
const count: JsonSchema = { type: 'integer', minimum: 0 };

/** Events of one name, with these data, or `error`. */
const stream = (event: string, data: JsonSchema) =>
  answer(
    'The events.',
    {
      type: 'object',
      properties: {
        id: string,
        event: { type: 'string', enum: [event, 'error'] },
        data: { type: 'string', contentMediaType: 'application/json', contentSchema: data },
      },
      required: ['event', 'data'],
    },
    'text/event-stream',
  );

const formats = Object.keys(reportTypes);

const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of a file you have: 304 while it is the same.',
  schema: string,
};

const fileParameters: Parameter[] = [
  id('id', 'Which report.'),
  {
    name: 'format',
    in: 'path',
    required: true,
    description: 'The format.',
    schema: { type: 'string', enum: formats },
    example: 'csv',
  },
  query('for', 'Of CSV: for a spreadsheet, with a byte-order mark, and separator and decimal mark of `locale`.', {
    type: 'string',
    enum: ['excel'],
  }),
  query('locale', 'With `for`: a language tag such as `de-DE`; the language of the report when left out.', string),
  query('section', 'Of CSV: this section alone, by its id.', string),
  ifNoneMatch,
];

const files = (description: string) => ({
  description,
  headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
  content: Object.fromEntries(Object.values(reportTypes).map((type) => [type, { schema: string }])),
});

const aboutFiles = 'Streamed. 409 with `Retry-After` before the report is READY.';

const fileResponses: ApiOperation['responses'] = {
  200: files('The file. One that cannot be made to its end is cut off, which a client notices.'),
  304: { description: 'You have it.' },
};

const operations: Record<string, ApiOperation> = {
  '/api/reports/{id}/events': {
    operationId: 'followReport',
    tags: ['reports'],
    summary: 'The progress of a report, as server-sent events',
    description:
      'An event `report` now and for each change, until the report is READY, FAILED, CANCELLED or EXPIRED. An event `error` has `code` and `detail`, and ends the stream.',
    security: anyCredentials,
    'x-required-scopes': [['read:reports']],
    parameters: [id('id', 'Which report.'), lastEventId],
    responses: {
      200: stream('report', {
        type: 'object',
        properties: {
          id: string,
          title: string,
          status: {
            type: 'string',
            enum: ['QUEUED', 'RUNNING', 'WAITING', 'READY', 'FAILED', 'CANCELLED', 'EXPIRED'],
          },
          progress: { type: 'integer', minimum: 0, maximum: 100 },
          rowCount: { type: ['integer', 'null'] },
          finishedAt: { type: ['string', 'null'], format: 'date-time' },
          failure: { type: ['object', 'null'], properties: { code: string, message: string } },
        },
        required: ['id', 'title', 'status', 'progress', 'rowCount', 'finishedAt', 'failure'],
      }),
      204: { description: '`Last-Event-ID` is that of the last event: there are no others.' },
      ...refusals([400, 401, 403, 404, 406, 429, 500, 503]),
    },
  },
  '/api/connections/events': {
    operationId: 'followConnectionHealth',
    tags: ['connections'],
    summary: 'The condition of the connections, as server-sent events',
    description:
      'An event `connectionHealth` now and for each change; the stream does not end by itself. An event `error` has `code` and `detail`, and ends it.',
    security: anyCredentials,
    'x-required-scopes': [['read:connections']],
    parameters: [lastEventId],
    responses: {
      200: stream(
        'connectionHealth',
        object({
          total: count,
          active: count,
          failing: count,
          reconnectRequired: count,
          accounts: count,
          failingAccounts: count,
        }),
      ),
      ...refusals([400, 401, 403, 406, 429, 500, 503]),
    },
  },
  '/health': {
    operationId: 'getHealth',
    tags: ['operations'],
    summary: 'Whether the process is alive',
    description: 'Depends on nothing else.',
    security: anyone,
    responses: {
      200: answer('It is.', {
        ...object({
          status: { type: 'string', enum: ['ok', 'starting'] },
          timestamp: instant,
          environment: string,
          uptime: { type: 'number', description: 'Seconds.' },
        }),
      }),
    },
  },
  '/api/status': {
    operationId: 'getStatus',
    tags: ['operations'],
    summary: 'The status of the installation',
    description: 'A summary for anyone. Operators, by Basic credentials or their account, see the parts as well.',
    security: anyone,
    responses: {
      200: answer(
        'The status.',
        object({
          status: {
            type: 'string',
            enum: ['ok', 'degraded', 'not ready'],
            description: '`degraded`: an optional part is unavailable.',
          },
          version: string,
          uptime: { type: 'integer', description: 'Seconds.' },
        }),
      ),
      ...refusals([401, 429, 500, 503]),
    },
  },
  '/api/oauth/{provider}/callback': {
    operationId: 'receiveConsent',
    tags: ['connections'],
    summary: 'Where providers send browsers back to',
    description:
      'Connects nothing: the answer is the completion code for `completeConnection`, in the fragment of the address in `returnTo` where there is one.',
    security: anyone,
    parameters: [
      id('provider', 'Which provider, for example `google-ads`.'),
      query('state', 'From the address of the consent page.', string, { required: true }),
      query('code', 'The code of the provider.', string),
      query('error', 'What the provider reports instead.', string),
    ],
    responses: {
      200: answer(
        'The completion code.',
        object({ consent: object({ provider: string, expiresAt: instant }), code: string }),
      ),
      303: { description: 'To the address in `returnTo`, with `#code=…` or `#error=…`.' },
      ...graphRefusals,
    },
  },
  '/reports/{id}/download.{format}': {
    operationId: 'downloadReport',
    tags: ['reports'],
    summary: 'A file of a report, by a link',
    description: `Its address is \`Report.downloadUrl\`, with a token that needs no other credentials. ${aboutFiles}`,
    security: [...anyCredentials, {}],
    'x-required-scopes': [['read:reports']],
    parameters: [...fileParameters, query('token', 'As in `Report.downloadUrl`.', string)],
    responses: { ...fileResponses, ...graphRefusals },
  },
  '/api/reports/{id}/download.{format}': {
    operationId: 'downloadReportFile',
    tags: ['reports'],
    summary: 'A file of a report',
    description: aboutFiles,
    security: anyCredentials,
    'x-required-scopes': [['read:reports']],
    parameters: fileParameters,
    responses: { ...fileResponses, ...refusals([400, 401, 403, 404, 409, 414, 429, 500, 503]) },
  },
  '/downloads/my-data.json': {
    operationId: 'downloadMyData',
    tags: ['authentication'],
    summary: 'The personal data held about a user',
    description: 'Its address, with the token, is the answer of `exportMyData`.',
    security: anyone,
    parameters: [query('token', 'As in that answer.', string, { required: true })],
    responses: {
      200: answer('Profile, memberships, sessions and more; the parts differ from case to case.', { type: 'object' }),
      ...graphRefusals,
    },
  },
  '/api/audit.csv': {
    operationId: 'downloadAuditLog',
    tags: ['organization'],
    summary: 'The audit log as CSV',
    description:
      'The newest first; streamed, as one request of any size: the whole, or a connection that is cut. Needs the role ADMIN: no API key may.',
    security: person,
    parameters: filters,
    responses: {
      200: answer('The events, a header first.', string, 'text/csv'),
      ...refusals([400, 401, 403, 429, 500, 503]),
    },
  },
};

const exportReport: ApiOperation = {
  operationId: 'exportReport',
  tags: ['reports'],
  summary: 'The file of a report',
  description: 'As `GET /api/reports/{id}/download.{format}`. 409 before the report is READY.',
  security: anyCredentials,
  'x-required-scopes': [['read:reports']],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          ...object(
            { reportId: { type: 'string', minLength: 1 }, format: { type: 'string', enum: formats, default: 'csv' } },
            ['format'],
          ),
          additionalProperties: false,
        },
        example: { reportId: EXAMPLE_ID, format: 'csv' },
      },
    },
  },
  responses: {
    200: files('The file; streamed.'),
    ...refusals([400, 401, 403, 404, 406, 409, 413, 415, 429, 500, 503]),
  },
};

const PICTURES = ['image/png', 'image/jpeg', 'image/svg+xml'];
const logo = object({ url: string, hash: string, width: { type: 'integer' }, height: { type: 'integer' } });

/** The logo of the organization's reports, or of those for a client. */
function describeLogo(name: string, whose: string, parameters: Parameter[]): PathItem {
  const branding = object({ version: { type: 'integer' }, logo });
  const inPath = parameters.length > 0 ? [414] : [];
  return {
    get: {
      operationId: `get${name}Logo`,
      tags: ['reports'],
      summary: `The logo of ${whose}`,
      description: 'As PNG, with a tag of its content. 404 where there is none.',
      security: anyCredentials,
      'x-required-scopes': [['read:reports']],
      parameters: [...parameters, ifNoneMatch],
      responses: {
        200: answer('The picture.', string, 'image/png'),
        304: { description: 'You have it.' },
        ...refusals([400, 401, 403, 404, ...inPath, 429, 500, 503]),
      },
    },
    put: {
      operationId: `put${name}Logo`,
      tags: ['reports'],
      summary: `Upload the logo of ${whose}`,
      description:
        'The picture is the body: PNG, JPEG or SVG by its content, at most 2 MiB and 40 million pixels. It is drawn anew as PNG, at most 1024 pixels wide and high, without metadata, scripts and references. Text of an SVG should be converted to paths. Needs the role ADMIN: no API key may.',
      security: person,
      parameters,
      requestBody: { required: true, content: Object.fromEntries(PICTURES.map((type) => [type, { schema: string }])) },
      responses: {
        200: answer('The branding with its logo.', object({ data: branding })),
        ...refusals([400, 401, 403, 404, 413, ...inPath, 429, 500, 503]),
      },
    },
  };
}

/** What is not a trusted operation with a JSON answer: probes, streams, files and redirects. */
export const describedPaths: Record<string, PathItem> = {
  ...Object.fromEntries(Object.entries(operations).map(([path, operation]) => [path, { get: operation }])),
  '/api/reports/export': { post: exportReport },
  '/api/branding/logo': describeLogo('Branding', 'reports', []),
  '/api/clients/{clientId}/logo': describeLogo('Client', 'reports for a client', [id('clientId', 'Which client.')]),
};
