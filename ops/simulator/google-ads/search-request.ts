import { z } from 'zod';
import { protoEnum } from '#simulator/google/read-body.js';
import type { WireRequest } from '#simulator/wire.js';
import { badBody, failure } from './errors.js';

const SUMMARY_ROW = protoEnum({
  UNSPECIFIED: 0,
  UNKNOWN: 1,
  NO_SUMMARY_ROW: 2,
  SUMMARY_ROW_WITH_RESULTS: 3,
  SUMMARY_ROW_ONLY: 4,
});

const search = z.strictObject({
  customerId: z.string().optional(),
  query: z.string().default(''),
  pageToken: z.string().default(''),
  pageSize: z.number().optional(),
  validateOnly: z.boolean().default(false),
  searchSettings: z
    .strictObject({
      omitResults: z.boolean().default(false),
      returnSummaryRow: z.boolean().default(false),
      returnTotalResultsCount: z.boolean().default(false),
    })
    .prefault({}),
});

const stream = z.strictObject({
  customerId: z.string().optional(),
  query: z.string().default(''),
  summaryRowSetting: SUMMARY_ROW.default('NO_SUMMARY_ROW'),
});

export type SearchRequest = z.infer<typeof search>;
export type StreamRequest = z.infer<typeof stream>;

/** Parses a googleAds:search body; throws for unknown names, wrong types and a page size. */
export function readSearchRequest(request: WireRequest, version: string): SearchRequest {
  const body = read(request, search, version);
  // Zero is an unset number on the wire.
  if (body.pageSize) {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'PAGE_SIZE_NOT_SUPPORTED',
      field: 'page_size',
      message: "Setting the page size is not supported. Search Responses will have fixed page size of '10000' rows.",
    });
  }
  return body;
}

/** Parses a googleAds:searchStream body; throws for unknown names and wrong types. */
export function readStreamRequest(request: WireRequest, version: string): StreamRequest {
  return read(request, stream, version);
}

function read<T extends { query: string }>(request: WireRequest, schema: z.ZodType<T>, version: string): T {
  const result = schema.safeParse(parse(request.body));
  if (!result.success) throw badBody(describe(result.error));
  if (result.data.query.trim() === '') {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'REQUIRED_FIELD_MISSING',
      message: 'Required field is missing.',
      field: 'query',
    });
  }
  return result.data;
}

function parse(body: string): unknown {
  try {
    return body === '' ? {} : camelCaseKeys(JSON.parse(body));
  } catch {
    throw badBody('Invalid JSON payload received. Unexpected token.');
  }
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys')
    return `Invalid JSON payload received. Unknown name "${issue.keys[0]}": Cannot find field.`;
  return `Invalid value at '${issue?.path.join('.')}': ${issue?.message}`;
}

/** Google accepts the original field names as well: https://protobuf.dev/programming-guides/json/ */
function camelCaseKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(camelCaseKeys);
  if (typeof json !== 'object' || json === null) return json;
  const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [camelCase(name), camelCaseKeys(value)]));
}
