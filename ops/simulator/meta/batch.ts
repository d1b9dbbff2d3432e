import { z } from 'zod';
import { NotSimulated } from '#simulator/not-simulated.js';
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
  depends_on: z.string().optional(),
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
  const results = new BatchResults(requests);
  const parts: unknown[] = [];
  for (const part of requests) {
    const complete = results.complete(part);
    if (!complete) {
      parts.push(null);
      continue;
    }
    const answer = await inner(innerWireRequest(complete, request, parameters));
    results.add(part, answer);
    parts.push(results.isOmitted(part, answer) ? null : printPart(answer, withHeaders));
  }
  return parts;
}

const REFERENCE = /\{result=([^:}]+):([^}]+)\}/g;
const isSuccess = ({ status }: WireAnswer) => status >= 200 && status < 300;

/** The answers of named requests, to which later ones refer by `{result=name:$.data.*.id}`. */
class BatchResults {
  readonly #answers = new Map<string, WireAnswer>();
  readonly #referenced: ReadonlySet<string>;

  constructor(requests: readonly InnerRequest[]) {
    const texts = requests.flatMap(({ relative_url, body = '' }) => [relative_url, body]);
    const names = texts.flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name));
    this.#referenced = new Set([...names, ...requests.flatMap(({ depends_on }) => depends_on ?? [])]);
  }

  add({ name }: InnerRequest, answer: WireAnswer): void {
    if (name !== undefined) this.#answers.set(name, answer);
  }

  /** Returns a request with its references replaced; undefined when a request that it refers to has failed. */
  complete(part: InnerRequest): InnerRequest | undefined {
    const { relative_url, body = '', depends_on } = part;
    const names = [relative_url, body].flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name));
    for (const name of [...names, ...(depends_on === undefined ? [] : [depends_on])]) {
      const answer = this.#answers.get(name);
      if (!answer) throw invalidParameter(`Batch request refers to an unknown earlier request: ${name}`);
      if (!isSuccess(answer)) return undefined;
    }
    const replaced = (text: string, encode: (value: string) => string) =>
      text.replace(REFERENCE, (_all, name: string, path: string) =>
        encode(readPath(this.#answers.get(name)?.body, path)),
      );
    return {
      ...part,
      relative_url: replaced(relative_url, encodeURIComponent),
      body: replaced(body, encodeURIComponent),
    };
  }

  /** Whether an answer is `null` in the batch's: by wish, or by default when others refer to it. */
  isOmitted({ name, omit_response_on_success }: InnerRequest, answer: WireAnswer): boolean {
    const isDefault = name !== undefined && this.#referenced.has(name);
    return isSuccess(answer) && (omit_response_on_success ?? isDefault);
  }
}

/** Returns what a JSONPath of names, indexes and `*` finds, separated by commas. */
function readPath(body: unknown, path: string): string {
  const steps = path
    .replace(/\[(\*|\d+|'[^']*')\]/g, (_all, step: string) => `.${step.replaceAll("'", '')}`)
    .split('.');
  if (steps.shift() !== '$' || steps.some((step) => !/^(\*|\w+)$/.test(step)))
    throw new NotSimulated(`the JSONPath ${path} in a batch`);
  let found: unknown[] = [body];
  for (const step of steps) {
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (step === '*') return Object.values(value);
      return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
    });
  }
  return found.map(String).join(',');
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
