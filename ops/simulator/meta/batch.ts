import { z } from 'zod';
import type { InnerCall } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import { GraphError, invalidParameter } from './graph-error.js';

const MAX_REQUESTS = 50;
const innerRequest = z.object({
  method: z.string().default('GET'),
  relative_url: z.string(),
  body: z.string().optional(),
  name: z.string().optional(),
  omit_response_on_success: z.boolean().optional(),
});

type InnerRequest = z.infer<typeof innerRequest>;

/** Answers a batch in order, with bodies as JSON text: https://developers.facebook.com/docs/graph-api/batch-requests */
export async function answerBatch(
  request: WireRequest,
  parameters: URLSearchParams,
  inner: InnerCall,
): Promise<unknown[]> {
  const requests = readBatch(parameters.get('batch') ?? '');
  const withHeaders = parameters.get('include_headers') !== 'false';
  const parts: unknown[] = [];
  for (const part of requests)
    parts.push(printPart(await inner(innerWireRequest(part, request, parameters)), withHeaders));
  return parts;
}

function readBatch(text: string): InnerRequest[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidParameter('Param batch must be an array.');
  }
  const result = z.array(innerRequest).safeParse(json);
  if (!result.success) throw invalidParameter('Param batch must be an array of requests with method and relative_url.');
  if (result.data.length === 0)
    throw new GraphError('Batch request is empty', { code: -3, type: 'GraphBatchException' });
  if (result.data.length > MAX_REQUESTS) {
    throw new GraphError(`Too many requests in batch message. Maximum batch size is ${MAX_REQUESTS}`, {
      code: -3,
      type: 'GraphBatchException',
    });
  }
  return result.data;
}

// Parts without credentials use the batch's.
function innerWireRequest(part: InnerRequest, outer: WireRequest, parameters: URLSearchParams): WireRequest {
  const mark = part.relative_url.indexOf('?');
  const path = mark < 0 ? part.relative_url : part.relative_url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : part.relative_url.slice(mark + 1));
  for (const name of ['access_token', 'appsecret_proof']) {
    const value = parameters.get(name);
    if (value !== null && !query.has(name)) query.set(name, value);
  }
  const { authorization } = outer.headers;
  return {
    method: part.method.toUpperCase(),
    host: outer.host,
    base: outer.base,
    path: `/${path.replace(/^\/+/, '')}`,
    query,
    rawQuery: query.toString(),
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: part.body ?? '',
    accounts: new Set(),
  };
}

function printPart({ status, headers = {}, body }: WireAnswer, withHeaders: boolean) {
  const type = { name: 'Content-Type', value: 'text/javascript; charset=UTF-8' };
  return {
    code: status,
    ...(withHeaders && { headers: [type, ...Object.entries(headers).map(([name, value]) => ({ name, value }))] }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
