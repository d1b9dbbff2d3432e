/** A whole request for `/health` at the beginning of what a client sent. */
export interface HealthProbe {
  headers: Record<string, string>;
  isHead: boolean;
  /** Whether the client wants the connection ended after the answer. */
  isLast: boolean;
  /** How many bytes it takes. */
  length: number;
}

const MAX_BYTES = 4_096;
const REQUEST_LINE = /^(GET|HEAD) \/health\/?(?:\?[!-~]*)? HTTP\/1\.1$/;
// Names and values as in RFC 9110, section 5.
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9a-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*$/i;
/** With one of these, more than the head belongs to the request, or something else than an answer is wanted. */
const NOT_PLAIN = new Set(['content-length', 'transfer-encoding', 'expect', 'upgrade', 'trailer']);

/**
 * Returns the request for `/health` that `bytes` begin with, undefined when they begin with anything else: another path,
 * a head that is not whole yet, a body, or something an HTTP server has to judge.
 */
export function readHealthProbe(bytes: Buffer): HealthProbe | undefined {
  const text = bytes.toString('latin1', 0, MAX_BYTES);
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine = '', ...fieldLines] = text.slice(0, end).split('\r\n');
  const method = REQUEST_LINE.exec(requestLine)?.[1];
  if (!method) return undefined;
  const headers: Record<string, string> = {};
  for (const line of fieldLines) {
    const [, name = '', value = ''] = FIELD_LINE.exec(line) ?? [];
    const key = name.toLowerCase();
    if (!key || NOT_PLAIN.has(key) || Object.hasOwn(headers, key)) return undefined;
    headers[key] = value;
  }
  if (!headers.host) return undefined;
  const isLast = /\bclose\b/i.test(headers.connection ?? '');
  return { headers, isHead: method === 'HEAD', isLast, length: end + 4 };
}
