import type { InnerCall } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import { GoogleError, invalidArgument } from './errors.js';

const BOUNDARY = 'batch_simulator-6f2b0c4d';

interface Part {
  contentId: string | undefined;
  request: WireRequest;
}

/** Answers a batch, whose requests count and fail by themselves: https://cloud.google.com/apis/docs/batching */
export async function answerBatch(request: WireRequest, inner: InnerCall, maxParts: number): Promise<WireAnswer> {
  if (request.method !== 'POST') throw new GoogleError(404);
  const parts = readParts(request);
  if (parts.length === 0) throw invalidArgument('The batch request is empty.', 'badRequest');
  if (parts.length > maxParts) {
    throw invalidArgument(`The batch request must not have more than ${maxParts} calls.`, 'badRequest');
  }
  const printed: string[] = [];
  for (const part of parts) printed.push(printPart(part, await inner(part.request)));
  return {
    status: 200,
    headers: { 'content-type': `multipart/mixed; boundary=${BOUNDARY}` },
    body: `${printed.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`,
  };
}

function readParts(request: WireRequest): Part[] {
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/mixed\s*;.*\bboundary="?([^";\s]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) throw invalidArgument('Failed to parse batch request: no boundary.', 'badRequest');
  const [, ...pieces] = `\n${request.body.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`);
  const last = pieces.pop();
  if (!last?.startsWith('--')) throw invalidArgument('Failed to parse batch request: it has no end.', 'badRequest');
  return pieces.map((piece) => readPart(piece.replace(/^[ \t]*\n/, ''), request));
}

function readPart(text: string, outer: WireRequest): Part {
  const [head, http] = halves(text);
  const partHeaders = readHeaders(head.split('\n'));
  if (!/^application\/http\b/i.test(partHeaders['content-type'] ?? '')) {
    throw invalidArgument('Failed to parse batch request: each part must be application/http.', 'badRequest');
  }
  const [top, body] = halves(http);
  const [start = '', ...lines] = top.split('\n');
  const [, method = '', target = ''] = /^([A-Z]+) (\/\S*)(?: HTTP\/1\.1)?\s*$/.exec(start) ?? [];
  if (method === '') {
    throw invalidArgument('Failed to parse batch request: a part must begin with a method and a path.', 'badRequest');
  }
  if (target.startsWith('/batch')) throw invalidArgument('A batch cannot hold a batch.', 'badRequest');
  const [path = '', query = ''] = target.split('?', 2);
  return {
    contentId: partHeaders['content-id'],
    request: {
      method,
      host: outer.host,
      base: outer.base,
      path,
      query: new URLSearchParams(query),
      rawQuery: query,
      // Parts without credentials use the batch's.
      headers: { authorization: outer.headers.authorization, ...readHeaders(lines) },
      body: body.trimEnd(),
      accounts: new Set(),
    },
  };
}

function halves(text: string): [string, string] {
  const gap = text.indexOf('\n\n');
  return gap < 0 ? [text, ''] : [text.slice(0, gap), text.slice(gap + 2)];
}

function readHeaders(lines: string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

function printPart({ contentId }: Part, { status, headers = {}, body }: WireAnswer): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = headers['content-type'] ?? 'application/json; charset=UTF-8';
  return [
    'Content-Type: application/http',
    ...(contentId === undefined ? [] : [`Content-ID: ${responseId(contentId)}`]),
    '',
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    ...Object.entries({ ...headers, 'content-type': type }).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

// <item1> is answered as <response-item1>.
function responseId(contentId: string): string {
  return contentId.startsWith('<') ? `<response-${contentId.slice(1)}` : `response-${contentId}`;
}

const REASONS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
